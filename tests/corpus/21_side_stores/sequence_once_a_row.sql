-- counted by a sequence, once a row
-- undo: SELECT setval('counter', 1)
SELECT count(nextval('counter')) FROM person WHERE balance > 150
---
SELECT currval('counter')
