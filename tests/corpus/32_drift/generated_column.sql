-- a new column made of another
ALTER TABLE person ADD COLUMN copy text GENERATED ALWAYS AS (ssn) STORED
---
SELECT copy FROM person ORDER BY id
