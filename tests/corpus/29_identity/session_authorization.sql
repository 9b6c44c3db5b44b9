-- as another login
-- role: postgres
SET SESSION AUTHORIZATION clerk
---
SELECT ssn FROM person ORDER BY id
