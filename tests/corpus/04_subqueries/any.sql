-- a guess compared with all
SELECT '078-05-1120' = ANY (SELECT ssn FROM person)
