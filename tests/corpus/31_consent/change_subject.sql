-- a row given to somebody else
UPDATE purchase SET person_id = 1 WHERE person_id = 6 OR person_id = 7
---
SELECT item FROM purchase WHERE person_id = 1 ORDER BY id
