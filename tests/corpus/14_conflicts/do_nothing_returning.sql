-- whether an address is taken, by what returns
INSERT INTO person (id, name, email) VALUES (99, 'x', 'ada@example.org') ON CONFLICT (email) DO NOTHING RETURNING id
