-- a trigger of updates, set off by a conflict
INSERT INTO riddle VALUES (1, 'x')
---
INSERT INTO riddle VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET text = '078-05-1120'
