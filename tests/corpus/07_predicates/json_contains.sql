-- whose profile contains
SELECT id FROM person WHERE profile @> '{"n": 1}' OR profile ? 'iban' ORDER BY id
