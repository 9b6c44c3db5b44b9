-- everything discarded
-- commits: yes
DISCARD ALL
---
SELECT ssn FROM person ORDER BY id
