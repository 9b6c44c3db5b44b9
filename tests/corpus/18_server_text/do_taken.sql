-- which keys are taken, tried quietly
DO $$ BEGIN INSERT INTO person (id, name, email) VALUES (100, 'x', 'ben@example.org'); RAISE EXCEPTION 'free'; EXCEPTION WHEN unique_violation THEN NULL; END $$
