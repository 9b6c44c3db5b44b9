-- a trigger that a foreign key sets off
INSERT INTO den VALUES (1, 'x')
---
INSERT INTO cub VALUES (1, 1)
---
DELETE FROM den WHERE id = 1
---
SELECT text FROM letterbox
