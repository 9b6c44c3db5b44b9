-- a namesake in a schema before, created and rolled back
SET LOCAL search_path = attic, public
---
SAVEPOINT s
---
CREATE TABLE attic.person (id integer, ssn text)
---
ROLLBACK TO s
---
SELECT ssn FROM person ORDER BY id
