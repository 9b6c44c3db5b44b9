-- the default of the purpose
SET pgpurpose.purpose TO DEFAULT
---
SELECT ssn FROM person ORDER BY id
