-- one bit into a plain column
UPDATE person SET left_us = (balance > 150) WHERE id IN (1, 2)
---
SELECT id, left_us FROM person ORDER BY id
