-- the table by a path of one's own
SET LOCAL search_path = attic, public
---
SELECT ssn FROM person ORDER BY id
