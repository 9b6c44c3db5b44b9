-- a column under another name
ALTER TABLE person RENAME COLUMN ssn TO harmless
---
SELECT harmless FROM person ORDER BY id
