-- all rows by a function
SELECT ssn FROM people() ORDER BY id
