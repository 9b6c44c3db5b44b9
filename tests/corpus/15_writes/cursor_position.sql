-- the row at which a cursor stands
DECLARE c CURSOR FOR SELECT id FROM person WHERE ssn = '078-05-1120' FOR UPDATE
---
FETCH c
---
UPDATE person SET name = 'found' WHERE CURRENT OF c
