-- whether a key is taken, by the count
-- known: unique keys tell
INSERT INTO person (id, name) VALUES (6, 'x') ON CONFLICT DO NOTHING
