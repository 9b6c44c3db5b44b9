-- the number in a query without a table
SELECT (SELECT ssn FROM person WHERE id = 1)
