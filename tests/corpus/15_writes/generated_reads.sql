-- a generated column that calls code that reads
INSERT INTO stamped (id) VALUES (1) RETURNING s
