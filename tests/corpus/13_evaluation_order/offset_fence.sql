-- behind a fence of one's own
SELECT id FROM (SELECT id, person_id FROM purchase OFFSET 0) x WHERE 1 / (person_id - 6) = 5
