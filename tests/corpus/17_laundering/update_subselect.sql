-- copied over a plain value by a sub-select
UPDATE note SET text = (SELECT ssn FROM person p WHERE p.id = note.id)
---
SELECT text FROM note ORDER BY id
