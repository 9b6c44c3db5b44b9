-- which command of a transaction wrote it
SELECT count(cmin::text), count(cmax::text) FROM contact
