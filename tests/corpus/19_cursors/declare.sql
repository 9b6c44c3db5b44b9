-- by a cursor
DECLARE c CURSOR FOR SELECT ssn FROM person ORDER BY id
---
FETCH ALL FROM c
