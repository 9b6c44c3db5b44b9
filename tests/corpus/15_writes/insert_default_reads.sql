-- a default that reads the table
-- known: what a write sets off is not judged
INSERT INTO gift (id) VALUES (1) RETURNING code
