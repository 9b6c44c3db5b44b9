-- how often a sequence was asked
-- undo: SELECT setval('counter', 1)
SELECT setval('counter', 1)
---
SELECT id FROM purchase WHERE id < nextval('counter') - 100 ORDER BY id
---
SELECT currval('counter')
