-- a hidden value as an argument in FROM
SELECT * FROM regexp_split_to_table((SELECT ssn FROM person WHERE id = 1), '-')
