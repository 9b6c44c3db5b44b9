-- an error if a number is negative
SELECT sqrt(150 - balance) FROM person WHERE id = 1
