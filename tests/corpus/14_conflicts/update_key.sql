-- whether a key is taken, by moving one
UPDATE purchase SET id = 16 WHERE id = 11
