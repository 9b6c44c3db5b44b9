-- an error if a limit is negative
SELECT 1 LIMIT (SELECT 150 - balance FROM person WHERE id = 1)
