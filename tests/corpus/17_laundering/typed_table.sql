-- a column of its row type
CREATE TABLE kept (p person)
---
INSERT INTO kept SELECT p FROM person p
---
SELECT (p).ssn FROM kept ORDER BY 1
