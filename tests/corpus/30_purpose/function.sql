-- a purpose set by a function
SELECT set_config('pgpurpose.purpose', 'serve', false)
---
SELECT ssn FROM person ORDER BY id
