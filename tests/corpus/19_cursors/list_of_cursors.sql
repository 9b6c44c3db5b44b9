-- what cursors are open
DECLARE c CURSOR FOR SELECT balance FROM person WHERE balance > 150
---
FETCH 1 FROM c
---
SELECT count(*) FROM pg_cursors WHERE name = 'c'
