-- a child under another name
ALTER TABLE contact_old RENAME TO harmless
---
SELECT value FROM harmless ORDER BY 1
