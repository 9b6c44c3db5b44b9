-- behind an expression that is computed first
WITH x AS MATERIALIZED (SELECT 1 / (person_id - 6) AS y FROM purchase) SELECT count(*) FROM x
