-- a purpose for a while
SET LOCAL pgpurpose.purpose = 'serve'
---
SELECT ssn FROM person ORDER BY id
