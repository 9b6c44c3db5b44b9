-- an error in a value of an UPDATE
UPDATE purchase SET item = (1 / (price - 10))::text WHERE id = 11
