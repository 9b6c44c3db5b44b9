-- defaults of every schema
-- expect: same
INSERT INTO task (title) VALUES ('a'), ('b')
---
SELECT title, key IS NULL, code, made = now() FROM task ORDER BY id
