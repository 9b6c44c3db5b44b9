-- a rule that answers with a call
INSERT INTO alcove VALUES (1, 'x')
---
UPDATE alcove SET text = 'y' WHERE id = 1
