-- what is closed, and what is not there
SELECT ssn, x FROM person WHERE id = 1
---
ROLLBACK
---
SELECT * FROM persons
---
SELECT ssn FROM person ORDER BY id
