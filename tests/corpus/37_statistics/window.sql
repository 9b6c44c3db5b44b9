-- running sums
SET pgpurpose.purpose = 'census'
---
SELECT id, sum(balance) OVER (ORDER BY id) FROM person ORDER BY id
