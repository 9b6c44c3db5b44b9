-- what is stored, by an update of the conflict
INSERT INTO person AS p (id, name) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET name = p.ssn RETURNING name
