-- a star that means more than before
ALTER TABLE note ADD COLUMN s text
---
UPDATE note SET s = (SELECT ssn FROM person p WHERE p.id = note.id)
---
SELECT * FROM note ORDER BY id
