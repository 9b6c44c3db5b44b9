-- one name for a harmless statement, then for another
PREPARE p AS SELECT 'x'
---
DEALLOCATE p
---
PREPARE p AS SELECT ssn FROM person ORDER BY id
---
EXECUTE p
