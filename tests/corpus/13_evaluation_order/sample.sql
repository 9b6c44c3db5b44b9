-- an error in rows that were sampled
SELECT id FROM purchase TABLESAMPLE system (100) WHERE 1 / (person_id - 6) = 5
