-- joined by what has the same name
SELECT count(*) FROM person NATURAL JOIN (VALUES ('078-05-1120')) v (ssn)
