-- somebody who left, returned
UPDATE person SET left_us = false
---
SELECT name FROM person WHERE id = 6
