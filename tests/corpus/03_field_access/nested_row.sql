-- a field of a row in an array of rows
SELECT ((array[p, NULL])[1]).ssn FROM person p ORDER BY id
