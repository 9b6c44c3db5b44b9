-- a column of a view under another name
ALTER VIEW person_view RENAME COLUMN ssn TO harmless
---
SELECT harmless FROM person_view ORDER BY id
