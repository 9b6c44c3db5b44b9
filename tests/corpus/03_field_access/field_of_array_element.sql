-- a field of an element of an array of rows
SELECT (array_agg(p ORDER BY id))[1].ssn FROM person p
