-- an expression over what is hidden
UPDATE person SET name = name WHERE id = 1 RETURNING ssn = '078-05-1120', length(notes)
