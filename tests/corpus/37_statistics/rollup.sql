-- totals of groups
SET pgpurpose.purpose = 'census'
---
SELECT name, sum(balance) FROM person GROUP BY ROLLUP (name) ORDER BY 1
