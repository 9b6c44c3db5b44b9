-- a table of choices of one's own, in front
CREATE TEMP TABLE choice AS SELECT 3 AS person_id, 'offers' AS purpose, true AS agreed, true AS by_guardian
---
SELECT name FROM person WHERE id = 3
