-- what migrations send
-- expect: same
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood') THEN CREATE TYPE mood AS ENUM ('a', 'b'); END IF; END $$
---
DO $$ BEGIN CREATE TYPE mood AS ENUM ('a', 'b'); EXCEPTION WHEN duplicate_object THEN NULL; END $$;
---
DO 'BEGIN INSERT INTO note VALUES (50, ''it''''s''); RAISE WARNING ''done''; EXECUTE $x$UPDATE note SET text = ''y'' WHERE id = 50$x$; END'
---
SELECT 'b'::mood::text, text FROM note ORDER BY id
---
DO $$ BEGIN INSERT INTO note VALUES (51, 'x'); DROP TABLE nothing; EXCEPTION WHEN SQLSTATE '42P01' THEN INSERT INTO note VALUES (52, 'x'); RAISE; END $$
