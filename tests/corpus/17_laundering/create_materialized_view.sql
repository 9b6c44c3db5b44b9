-- a copy that the server keeps
CREATE MATERIALIZED VIEW own AS SELECT id, ssn FROM person
---
SELECT ssn FROM own ORDER BY id
