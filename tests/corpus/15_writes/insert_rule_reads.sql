-- a rule that reads the table
INSERT INTO slot (id) VALUES (1)
---
SELECT text FROM letterbox
