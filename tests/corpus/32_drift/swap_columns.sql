-- two columns change their names
ALTER TABLE person RENAME COLUMN region TO old_region
---
ALTER TABLE person RENAME COLUMN ssn TO region
---
SELECT region FROM person ORDER BY id
