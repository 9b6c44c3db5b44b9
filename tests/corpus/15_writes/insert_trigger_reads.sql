-- a trigger that reads the table
INSERT INTO errand (id) VALUES (1) RETURNING text
