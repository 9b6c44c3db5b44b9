-- a block that acts on what it finds
DO $$ BEGIN IF EXISTS (SELECT FROM person WHERE ssn = '078-05-1120') THEN INSERT INTO note VALUES (100, 'yes'); END IF; END $$
---
SELECT text FROM note ORDER BY id
