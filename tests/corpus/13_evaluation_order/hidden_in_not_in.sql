-- an error on the side of NOT IN
SELECT id FROM note WHERE id NOT IN (SELECT 1 / (person_id - 6) FROM purchase)
