-- a column filled by its new type
ALTER TABLE person ALTER COLUMN region TYPE text USING ssn
---
SELECT region FROM person ORDER BY id
