-- an error if an argument is not positive
SELECT ntile((SELECT balance - 100 FROM person WHERE id = 1)) OVER () FROM note
