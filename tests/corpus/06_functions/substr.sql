-- one character at a time
SELECT ascii(substr(ssn, 1, 1)), substring(ssn FROM 2 FOR 1) FROM person ORDER BY id
