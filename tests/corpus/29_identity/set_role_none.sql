-- as nobody else
SET ROLE guest
---
SET ROLE NONE
---
SELECT notes FROM person ORDER BY id
