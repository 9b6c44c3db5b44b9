-- several at a time
UPDATE note SET (text, id) = (SELECT ssn, id FROM person p WHERE p.id = note.id) WHERE id = 1 RETURNING text
