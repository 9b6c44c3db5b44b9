-- SELECT INTO
SELECT id, ssn INTO stolen FROM person
---
SELECT * FROM stolen ORDER BY id
