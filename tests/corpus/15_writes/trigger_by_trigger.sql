-- a trigger whose write sets off one that reads
INSERT INTO bundle (id) VALUES (1)
---
SELECT text FROM errand
