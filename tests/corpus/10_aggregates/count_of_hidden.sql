-- how many rows there are
SELECT count(*) FROM purchase WHERE person_id IN (3, 4, 6, 7)
