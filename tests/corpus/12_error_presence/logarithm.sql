-- an error if a number is zero
SELECT ln(balance - 100) FROM person WHERE id = 1
