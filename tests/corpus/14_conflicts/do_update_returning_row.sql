-- the whole stored row
INSERT INTO person AS p (id, name) VALUES (1, 'x') ON CONFLICT ON CONSTRAINT person_pkey DO UPDATE SET name = excluded.name RETURNING p.*
