-- the schema under another name
-- role: postgres
ALTER SCHEMA public RENAME TO forum
---
SELECT ssn FROM forum.person ORDER BY id
