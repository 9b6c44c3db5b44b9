-- all settings reset
RESET ALL
---
SELECT ssn FROM person ORDER BY id
