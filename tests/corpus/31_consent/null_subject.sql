-- a row that is nobody's
INSERT INTO contact SELECT NULL, 'x', value FROM contact_old
---
SELECT value FROM contact WHERE person_id IS NULL ORDER BY 1
