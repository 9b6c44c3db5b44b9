-- a trigger that reads the table
-- known: what a write sets off is not judged
INSERT INTO errand (id) VALUES (1) RETURNING text
