-- a purpose that a rollback takes away
SAVEPOINT s
---
SET LOCAL pgpurpose.purpose = 'serve'
---
ROLLBACK TO s
---
SELECT ssn FROM person ORDER BY id
