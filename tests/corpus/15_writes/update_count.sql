-- how many a guess fits, by the count
UPDATE person SET name = name WHERE ssn = '078-05-1120'
