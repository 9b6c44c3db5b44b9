-- a procedure of one's own
CREATE PROCEDURE own() LANGUAGE plpgsql AS 'BEGIN INSERT INTO note SELECT 100, ssn FROM person WHERE id = 1; END'
---
CALL own()
---
SELECT text FROM note ORDER BY id
