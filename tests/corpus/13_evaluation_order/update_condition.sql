-- a division in an UPDATE
UPDATE purchase SET item = 'x' WHERE 1 / (person_id - 6) = 5
