-- a default that calls code that reads, where it is written
INSERT INTO present (id, code) VALUES (1, DEFAULT) RETURNING code
