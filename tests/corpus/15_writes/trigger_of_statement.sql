-- the same, though no row is written
DELETE FROM parcel WHERE id = 0
---
SELECT text FROM letterbox
