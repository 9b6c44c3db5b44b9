-- a hidden value into a key
UPDATE purchase SET id = id + price * 1000 WHERE person_id = 1
---
SELECT id FROM purchase ORDER BY id
