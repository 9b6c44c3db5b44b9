-- an error while grouping
SELECT count(*) FROM purchase GROUP BY 1 / (person_id - 6) ORDER BY 1
