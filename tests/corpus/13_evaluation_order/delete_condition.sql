-- a division in a DELETE
DELETE FROM purchase WHERE 1 / (person_id - 6) = 5
