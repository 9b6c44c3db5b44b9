-- a row compared with a sub-select
SELECT (1, '078-05-1120') = (SELECT id, ssn FROM person WHERE id = 1)
