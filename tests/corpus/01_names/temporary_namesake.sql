-- a temporary table stands before the real one, and goes
CREATE TEMP TABLE person (id integer, ssn text) ON COMMIT DROP
---
SAVEPOINT s
---
DROP TABLE pg_temp.person
---
SELECT ssn FROM person ORDER BY id
