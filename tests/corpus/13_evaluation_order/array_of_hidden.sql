-- an error while an array is built
SELECT array(SELECT 1 / (person_id - 6) FROM purchase)
