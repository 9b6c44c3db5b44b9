-- an error in the filter of an aggregate
SELECT count(*) FILTER (WHERE 1 / (person_id - 6) = 5) FROM purchase
