-- the whole row in the detail of a missing value
UPDATE person SET name = NULL WHERE id = 1
