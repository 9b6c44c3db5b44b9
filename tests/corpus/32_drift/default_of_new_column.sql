-- a new column with a default that reads
ALTER TABLE note ADD COLUMN s text DEFAULT ssn_of(1)
---
SELECT s FROM note ORDER BY id
