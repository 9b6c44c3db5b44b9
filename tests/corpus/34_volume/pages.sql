-- page by page
SELECT ssn, id FROM person ORDER BY id LIMIT 2
---
SELECT ssn, id FROM person ORDER BY id LIMIT 2 OFFSET 2
---
SELECT ssn, id FROM person ORDER BY id LIMIT 2 OFFSET 4
