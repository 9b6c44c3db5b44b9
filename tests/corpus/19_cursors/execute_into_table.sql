-- a table of what was prepared
PREPARE p AS SELECT id, ssn FROM person
---
CREATE TEMP TABLE stolen AS EXECUTE p
---
SELECT * FROM stolen ORDER BY id
