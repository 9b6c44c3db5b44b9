-- a table dropped and made again
DROP VIEW person_hint
---
CREATE VIEW person_hint AS SELECT ssn AS id FROM person
---
SELECT id FROM person_hint ORDER BY id
