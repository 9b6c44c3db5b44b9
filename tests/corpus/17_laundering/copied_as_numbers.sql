-- copied as code points
INSERT INTO note SELECT 10000 + id * 100 + n, ascii(substr(ssn, n, 1))::text FROM person, generate_series(1, 11) n WHERE n <= length(ssn)
---
SELECT id, text FROM note ORDER BY id
