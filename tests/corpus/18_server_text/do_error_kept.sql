-- the text of an error, kept by the block that catches it
DO $$ BEGIN CREATE UNIQUE INDEX u ON purchase (price); ALTER TABLE person ADD CHECK (ssn <> '078-05-1120');
EXCEPTION WHEN others THEN INSERT INTO note VALUES (100, SQLERRM); END $$
---
SELECT text FROM note ORDER BY id
