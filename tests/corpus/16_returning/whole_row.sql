-- the row that was written
UPDATE person SET name = name WHERE id = 1 RETURNING person
