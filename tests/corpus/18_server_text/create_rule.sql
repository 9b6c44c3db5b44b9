-- a rule on a plain table
CREATE RULE r AS ON UPDATE TO note DO INSTEAD SELECT ssn FROM person ORDER BY id
---
UPDATE note SET text = 'x'
