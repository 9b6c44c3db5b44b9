-- the numbers as a list of arguments
SELECT concat_ws('/', VARIADIC array(SELECT ssn FROM person ORDER BY id))
