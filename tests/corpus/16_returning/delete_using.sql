-- what was joined
DELETE FROM note USING person p WHERE p.id = note.id RETURNING p.ssn
