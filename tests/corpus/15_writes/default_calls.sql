-- a default that calls code that reads
INSERT INTO present (id) VALUES (1) RETURNING code
