-- another purpose from within a block
-- role: postgres
DO $$ BEGIN EXECUTE 'SET LOCAL pgpurpose.purpose = ''serve'''; EXECUTE 'INSERT INTO note SELECT 100 + id, ssn FROM person'; END $$
---
SELECT text FROM note ORDER BY id
