-- a guess in a sub-select
UPDATE note SET text = 'x' WHERE EXISTS (SELECT FROM person WHERE ssn = '078-05-1120')
