-- a write to a plain table
-- expect: same
INSERT INTO note VALUES (50, 'a'), (51, 'b') ON CONFLICT (id) DO UPDATE SET text = excluded.text RETURNING *
---
UPDATE note SET text = upper(text) WHERE id > 49 RETURNING id, text
---
DELETE FROM note WHERE id > 49
