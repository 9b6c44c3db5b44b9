-- a purpose by the view of settings
UPDATE pg_settings SET setting = 'serve' WHERE name = 'pgpurpose.purpose'
---
SELECT ssn FROM person ORDER BY id
