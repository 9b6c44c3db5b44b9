-- an error if an offset is negative
SELECT sum(id) OVER (ROWS (SELECT balance - 150 FROM person WHERE id = 1) PRECEDING) FROM note
