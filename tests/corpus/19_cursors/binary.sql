-- by a cursor in binary
DECLARE c BINARY CURSOR FOR SELECT ssn, balance FROM person ORDER BY id
---
FETCH 3 FROM c
