-- as somebody else
SET ROLE guest
---
SELECT ssn FROM person ORDER BY id
