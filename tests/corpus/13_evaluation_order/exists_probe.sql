-- a probe with an error in an EXISTS
SELECT 1 WHERE EXISTS (SELECT FROM purchase WHERE person_id = 6 AND 1 / (random() * 0)::integer = 1)
