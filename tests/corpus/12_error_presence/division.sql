-- an error if a guess fits
SELECT 1 / (balance - 100) FROM person WHERE id = 1
