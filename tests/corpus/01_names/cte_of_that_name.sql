-- an expression of the same name that reads the real table
WITH person AS (SELECT id, ssn FROM person) SELECT ssn FROM person ORDER BY id
