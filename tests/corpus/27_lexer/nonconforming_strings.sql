-- a quote behind a backslash, by a setting
SET LOCAL standard_conforming_strings = off
---
SELECT '\'', ssn FROM person ORDER BY id --'
