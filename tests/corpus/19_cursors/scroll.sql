-- by a cursor that goes both ways
DECLARE c SCROLL CURSOR FOR SELECT ssn FROM person ORDER BY id
---
FETCH LAST FROM c
---
FETCH PRIOR FROM c
