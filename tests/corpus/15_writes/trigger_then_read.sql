-- a trigger that reads the table, and what it has stored
INSERT INTO errand (id) VALUES (1)
---
SELECT text FROM errand
