-- by an expression that writes
WITH u AS (UPDATE person SET name = name RETURNING id, ssn) SELECT * FROM u ORDER BY id
