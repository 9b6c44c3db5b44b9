-- people made up
SET pgpurpose.purpose = 'census'
---
SELECT sum(v) FROM (SELECT balance FROM person UNION ALL SELECT 0 FROM generate_series(1, 50)) x (v)
