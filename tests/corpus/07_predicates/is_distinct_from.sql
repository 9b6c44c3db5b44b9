-- whose number is another
SELECT id FROM person WHERE ssn IS DISTINCT FROM '078-05-1120' ORDER BY id
