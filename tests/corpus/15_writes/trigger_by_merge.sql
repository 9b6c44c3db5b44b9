-- a trigger that reads, set off by MERGE
MERGE INTO errand e USING (SELECT 1 AS id) s ON e.id = s.id WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id)
---
SELECT text FROM errand
