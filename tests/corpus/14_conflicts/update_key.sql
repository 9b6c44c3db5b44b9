-- whether a key is taken, by moving one
-- known: unique keys tell
UPDATE purchase SET id = 16 WHERE id = 11
