-- an overflow if it is great
SELECT balance + 2147483508 FROM person WHERE id = 1
