-- an error if a text gets too long
SELECT length(repeat('x', 1)) FROM person WHERE id = 2 AND length(repeat('1234567890', CASE WHEN balance = 250 THEN 200000000 ELSE 1 END)) > 0
