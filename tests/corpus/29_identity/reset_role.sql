-- back, and asking
SET ROLE guest
---
RESET ROLE
---
SELECT ssn FROM person ORDER BY id
