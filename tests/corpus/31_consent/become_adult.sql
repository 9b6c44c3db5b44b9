-- a birthday moved
UPDATE person SET born = '1960-01-01' WHERE id = 4
---
SELECT name FROM person WHERE id = 4
