-- a trigger that puts what it reads elsewhere
INSERT INTO parcel VALUES (1, 'x')
---
SELECT text FROM letterbox
