-- sums with and without
SELECT sum(balance) FROM person
---
SELECT sum(balance) FROM person WHERE id <> 1
