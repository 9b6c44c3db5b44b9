-- a default that reads the table
INSERT INTO gift (id) VALUES (1) RETURNING code
