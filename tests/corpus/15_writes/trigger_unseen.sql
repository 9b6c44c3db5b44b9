-- a trigger that builds its query
INSERT INTO sealed (id) VALUES (1) RETURNING text
