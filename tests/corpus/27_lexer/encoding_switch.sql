-- quotes in half of a letter, after a switch
-- commits: yes
SET client_encoding = 'LATIN1'
---
SELECT 'é', ssn FROM person ORDER BY id
