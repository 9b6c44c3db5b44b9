-- a known view with another query
CREATE OR REPLACE VIEW person_view AS SELECT id, ssn AS name, name AS ssn, email FROM person
---
SELECT name FROM person_view ORDER BY id
