-- an error if a length is negative
SELECT substr('x', 1, 150 - balance) FROM person WHERE id = 1
