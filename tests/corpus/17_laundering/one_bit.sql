-- one bit copied
INSERT INTO note SELECT 100, 'x' WHERE EXISTS (SELECT FROM person WHERE ssn = '078-05-1120')
---
SELECT count(*) FROM note
