-- the largest by HAVING
SET pgpurpose.purpose = 'census'
---
SELECT count(*) FROM person HAVING max(balance) > 1000
