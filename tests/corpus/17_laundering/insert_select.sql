-- copied into a plain table
INSERT INTO note SELECT id + 100, ssn FROM person
---
SELECT text FROM note ORDER BY id
