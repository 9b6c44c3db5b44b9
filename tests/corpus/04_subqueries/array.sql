-- the numbers as an array
SELECT array(SELECT ssn FROM person ORDER BY id)
