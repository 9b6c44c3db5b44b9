-- a temporary view of the same name, over the real table
CREATE TEMP VIEW note AS SELECT id, ssn AS text FROM person
---
SELECT text FROM note ORDER BY id
