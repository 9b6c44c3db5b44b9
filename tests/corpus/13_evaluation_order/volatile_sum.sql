-- how often a condition was evaluated
-- undo: SELECT setval('counter', 1)
SELECT setval('counter', 1)
---
SELECT id FROM purchase WHERE price > 90000 AND nextval('counter') > 0
---
SELECT last_value FROM counter
