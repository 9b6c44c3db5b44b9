-- an error in rows to be locked
SELECT id FROM purchase WHERE 1 / (person_id - 6) = 5 FOR UPDATE
