-- what was there, by what returns
UPDATE person SET name = name WHERE id = 1 RETURNING ssn
