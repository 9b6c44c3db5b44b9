-- a quote behind a backslash, by a setting set in passing
SELECT set_config('standard_conforming_strings', 'off', true)
---
SELECT 'x\'', ssn FROM person ORDER BY id --'
