-- who is on a list
SELECT id FROM person WHERE ssn IN ('078-05-1120', '219-09-9999') ORDER BY id
