-- an element of an array column
SELECT tags[1], tags[1:2] FROM person ORDER BY id
