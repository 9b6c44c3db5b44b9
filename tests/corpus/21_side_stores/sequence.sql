-- counted by a sequence
-- undo: SELECT setval('counter', 1)
SELECT setval('counter', (SELECT balance FROM person WHERE id = 1))
---
SELECT last_value FROM counter
