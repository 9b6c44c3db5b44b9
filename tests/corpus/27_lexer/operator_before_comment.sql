-- an operator that ends where a comment begins
SELECT 1 +/* */1, ssn FROM person ORDER BY id
