-- an error while sorting
SELECT id FROM purchase ORDER BY 1 / (person_id - 6), id
