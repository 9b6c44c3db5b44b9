-- a child that is none any more
ALTER TABLE contact_old NO INHERIT contact
---
SELECT value FROM contact_old ORDER BY 1
