-- whose profile matches a path
SELECT id FROM person WHERE profile @@ '$.n == 1' OR profile @? '$.iban' ORDER BY id
