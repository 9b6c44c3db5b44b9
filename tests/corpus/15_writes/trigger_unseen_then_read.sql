-- a trigger that builds its query, and what it has stored
INSERT INTO sealed (id) VALUES (1)
---
SELECT text FROM sealed
