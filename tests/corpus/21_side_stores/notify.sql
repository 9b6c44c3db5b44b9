-- sent to whoever listens
-- commits: yes
LISTEN box
---
SELECT pg_notify('box', (SELECT ssn FROM person WHERE id = 1))
---
SELECT 1
