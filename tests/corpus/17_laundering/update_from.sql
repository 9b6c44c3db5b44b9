-- copied over a plain value
UPDATE note SET text = p.ssn FROM person p WHERE p.id = note.id
---
SELECT text FROM note ORDER BY id
