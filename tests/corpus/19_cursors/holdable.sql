-- by a cursor that outlives its transaction
-- commits: yes
BEGIN
---
DECLARE c CURSOR WITH HOLD FOR SELECT ssn FROM person ORDER BY id
---
COMMIT
---
FETCH ALL FROM c
