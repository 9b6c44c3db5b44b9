-- a field of the row
SELECT (p).ssn FROM person p ORDER BY id
