-- a number by halves
SELECT count(*) FROM person WHERE id = 1 AND balance >= 512
---
SELECT count(*) FROM person WHERE id = 1 AND balance >= 128
---
SELECT count(*) FROM person WHERE id = 1 AND balance >= 192
