-- triggers behind an upsert
-- expect: same
INSERT INTO task (id, title) VALUES (1, 'a') ON CONFLICT (id) DO NOTHING
---
INSERT INTO task (id, title) VALUES (1, 'b') ON CONFLICT (id) DO UPDATE SET title = excluded.title RETURNING id, title, changes
---
SELECT what, old ->> 'title', new ->> 'title' FROM history ORDER BY number
