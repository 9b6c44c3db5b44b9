-- whether a key is taken, by the error
-- known: unique keys tell
INSERT INTO person (id, name) VALUES (6, 'x')
