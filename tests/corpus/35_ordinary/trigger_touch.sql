-- triggers that stamp and count
-- expect: same
INSERT INTO task (id, title, key) VALUES (1, ' a ', NULL) RETURNING id, title, changes, changed, code
---
UPDATE task SET title = 'b ' WHERE id = 1 RETURNING title, changes
---
DELETE FROM task WHERE id = 1 RETURNING title, changes, changed
