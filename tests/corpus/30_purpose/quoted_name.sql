-- a purpose by a quoted name
SET "pgpurpose"."purpose" TO 'serve'
---
SELECT ssn FROM person ORDER BY id
