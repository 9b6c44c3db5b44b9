-- an error only if the filter comes late
SELECT id FROM purchase WHERE 1 / (person_id - 6) >= 0 LIMIT 100
