-- who has this number
SELECT id FROM person WHERE ssn = '078-05-1120'
