-- the number as an argument
PREPARE q AS SELECT $1::text || ssn FROM person WHERE id = 1
---
EXECUTE q ('')
