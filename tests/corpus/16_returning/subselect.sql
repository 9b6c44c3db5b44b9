-- a sub-select in what returns
UPDATE note SET text = text WHERE id = 1 RETURNING (SELECT ssn FROM person WHERE person.id = note.id)
