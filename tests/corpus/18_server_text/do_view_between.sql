-- a view that is another one by the time it is read
CREATE VIEW shelf AS SELECT id, text FROM note
---
DO $$ BEGIN CREATE OR REPLACE VIEW shelf AS SELECT id, ssn AS text FROM person; EXECUTE 'INSERT INTO note SELECT id + 100, text FROM shelf'; END $$
---
SELECT text FROM note ORDER BY id
