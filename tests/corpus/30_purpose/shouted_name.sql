-- a purpose by a shouted name
SET PGPURPOSE.PURPOSE = serve
---
SELECT ssn FROM person ORDER BY id
