-- an error if there is such a row
SELECT 1 / (id - 6) FROM person
