-- a trigger that reads, in a common table expression
WITH new AS (INSERT INTO errand (id) VALUES (1) RETURNING text) SELECT text FROM new
