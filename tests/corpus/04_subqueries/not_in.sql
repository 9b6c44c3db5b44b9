-- not among the hidden
SELECT x FROM generate_series(1, 9) x WHERE x NOT IN (SELECT person_id FROM purchase) ORDER BY 1
