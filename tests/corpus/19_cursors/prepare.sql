-- by a prepared statement
PREPARE p AS SELECT ssn FROM person ORDER BY id
---
EXECUTE p
