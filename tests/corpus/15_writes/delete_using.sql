-- a guess joined to a DELETE
DELETE FROM note USING person p WHERE p.id = note.id AND p.balance < 150
