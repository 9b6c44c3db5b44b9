-- a column that hangs on the key
SELECT id, ssn FROM person GROUP BY id ORDER BY id
