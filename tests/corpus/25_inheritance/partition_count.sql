-- how many rows a partition has
SELECT count(*) FROM visit_2024 WHERE person_id > 2
