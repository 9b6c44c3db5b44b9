-- a copy that was kept before
SELECT ssn FROM person_list ORDER BY id
