-- copied by an update of a conflict
INSERT INTO note SELECT id, ssn FROM person WHERE id = 1 ON CONFLICT (id) DO UPDATE SET text = excluded.text
---
SELECT text FROM note ORDER BY id
