-- whether a key is taken, by the count
INSERT INTO person (id, name) VALUES (6, 'x') ON CONFLICT DO NOTHING
