-- the number as the name of an encoding
SELECT encode('x', ssn) FROM person ORDER BY id
