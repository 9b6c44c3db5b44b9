-- no purpose
SET pgpurpose.purpose = ''
---
SELECT ssn FROM person ORDER BY id
