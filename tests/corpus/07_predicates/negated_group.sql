-- neither this nor that
SELECT id FROM person WHERE NOT (ssn = '078-05-1120' AND id = 1) ORDER BY id
