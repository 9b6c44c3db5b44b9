-- the rows at places, with a range
SELECT count(*) FROM contact_old WHERE ctid >= '(0,3)'
