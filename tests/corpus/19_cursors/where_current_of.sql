-- deleted where a cursor stands
DECLARE c CURSOR FOR SELECT id FROM purchase WHERE price = 10 FOR UPDATE
---
MOVE c
---
DELETE FROM purchase WHERE CURRENT OF c
