-- the purpose of another login
SET pgpurpose.purpose = 'serve'
---
SELECT ssn FROM person ORDER BY id
