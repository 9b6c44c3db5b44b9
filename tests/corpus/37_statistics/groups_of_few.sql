-- groups of one person each
SET pgpurpose.purpose = 'census'
---
SELECT name, sum(balance) FROM person GROUP BY name ORDER BY name
