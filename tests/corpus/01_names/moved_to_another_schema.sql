-- the table moved away under the rules
ALTER TABLE person SET SCHEMA attic
---
SELECT ssn FROM attic.person ORDER BY id
