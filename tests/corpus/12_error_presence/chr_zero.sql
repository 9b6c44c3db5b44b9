-- an error if a character is none
SELECT chr(balance - 100) FROM person WHERE id = 1
