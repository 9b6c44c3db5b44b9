-- a table made of the numbers
CREATE TABLE stolen AS SELECT id, ssn FROM person
---
SELECT ssn FROM stolen ORDER BY id
