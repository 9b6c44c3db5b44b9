-- how many, by moving
DECLARE c CURSOR FOR SELECT 1 FROM person WHERE balance > 150
---
MOVE ALL IN c
