-- a block of code with a text in it
DO $$ BEGIN EXECUTE 'INSERT INTO note SELECT 100, ssn FROM person WHERE id = 1'; END $$
---
SELECT text FROM note ORDER BY id
