-- an error caught, and whether there was one
SAVEPOINT s
---
SELECT 1 / (balance - 100) FROM person WHERE id = 1
---
ROLLBACK TO s
---
SELECT 2
