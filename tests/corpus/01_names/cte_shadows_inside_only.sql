-- an expression of the same name, seen inside only
SELECT ssn FROM person WHERE id IN (WITH person AS (SELECT 1 AS id) SELECT id FROM person)
