-- hung under a table of one's own
CREATE TABLE own (LIKE contact) PARTITION BY LIST (kind)
---
ALTER TABLE contact_old NO INHERIT contact
---
ALTER TABLE own ATTACH PARTITION contact_old DEFAULT
---
SELECT value FROM own ORDER BY 1
