-- a sequence that starts anew
-- undo: SELECT setval('counter', 1)
SELECT setval('counter', length(ssn), true) FROM person WHERE id = 5
---
SELECT nextval('counter')
