-- or else everything
SELECT id FROM person WHERE id = 0 OR ssn > '2' ORDER BY id
