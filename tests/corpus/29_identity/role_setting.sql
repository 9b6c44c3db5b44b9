-- the purpose as a setting of the login
-- role: postgres
-- commits: yes
-- undo: ALTER ROLE town RESET ALL
ALTER ROLE town SET pgpurpose.purpose = 'serve'
---
SELECT ssn FROM person WHERE id = 1
