-- a window of one row
SET pgpurpose.purpose = 'census'
---
SELECT id, avg(balance) OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND CURRENT ROW) FROM person ORDER BY id
