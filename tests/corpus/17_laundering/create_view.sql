-- a view of one's own
CREATE VIEW own AS SELECT id, ssn FROM person
---
SELECT ssn FROM own ORDER BY id
