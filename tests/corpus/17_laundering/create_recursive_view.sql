-- a recursive view of one's own
CREATE RECURSIVE VIEW own (id, ssn) AS SELECT id, ssn FROM person
---
SELECT ssn FROM own ORDER BY id
