-- an error that the guarded value of a hidden row would raise
SELECT id FROM purchase WHERE 1 / (coalesce(nullif(person_id, 6), -3) + 3) = 9
