-- by an expression that inserts
WITH i AS (INSERT INTO note SELECT id + 200, notes FROM person RETURNING *) SELECT * FROM i ORDER BY id
