-- the table by a path set in passing
SELECT set_config('search_path', 'attic,public', true)
---
SELECT ssn FROM person ORDER BY id
