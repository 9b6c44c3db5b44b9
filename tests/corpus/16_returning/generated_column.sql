-- what the server makes of it
UPDATE person SET name = name WHERE id = 1 RETURNING domain
