-- a name with quotes in it
SELECT ssn AS "a""b", "a".ssn FROM person "a" ORDER BY id
