-- too many rows if there are more than one
SELECT (SELECT id FROM purchase WHERE person_id IN (6, 3))
