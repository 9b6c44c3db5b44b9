-- one by one
SELECT ssn FROM person WHERE id = 1
---
SELECT ssn FROM person WHERE id = 2
---
SELECT name FROM person WHERE id = 3
---
SELECT name FROM person WHERE id = 6
