-- a guess minus the numbers
SELECT '078-05-1120' EXCEPT SELECT ssn FROM person
