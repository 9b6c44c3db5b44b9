-- a block that acts on how a constraint fails
DO $$ BEGIN ALTER TABLE person ADD CONSTRAINT c CHECK (ssn <> '078-05-1120');
EXCEPTION WHEN check_violation THEN INSERT INTO note VALUES (100, 'somebody has it'); END $$
---
SELECT text FROM note ORDER BY id
