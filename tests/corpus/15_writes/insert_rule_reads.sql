-- a rule that reads the table
-- known: what a write sets off is not judged
INSERT INTO slot (id) VALUES (1)
---
SELECT text FROM letterbox
