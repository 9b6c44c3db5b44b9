-- a column called like a function
SELECT ssn(p) FROM person p ORDER BY id
