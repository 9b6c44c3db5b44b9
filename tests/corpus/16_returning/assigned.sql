-- the number as the name
UPDATE person SET name = ssn WHERE id = 1 RETURNING name
