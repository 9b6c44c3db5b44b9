-- by a MERGE, then by reading
MERGE INTO note n USING person p ON n.id = p.id WHEN MATCHED THEN UPDATE SET text = p.ssn
---
SELECT text FROM note ORDER BY id
