-- copied inside a JSON
INSERT INTO note SELECT 100, json_agg(p)::text FROM person p
---
SELECT text FROM note ORDER BY id
