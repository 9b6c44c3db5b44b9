-- copied as a value
INSERT INTO note VALUES (100, (SELECT ssn FROM person WHERE id = 1))
---
SELECT text FROM note ORDER BY id
