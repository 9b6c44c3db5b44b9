-- which transaction wrote it
SELECT count(xmin::text) FROM purchase
