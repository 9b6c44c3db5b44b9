-- a parent of one's own
CREATE TABLE parent (person_id integer, kind text, value text)
---
ALTER TABLE contact_old INHERIT parent
---
SELECT value FROM parent ORDER BY 1
