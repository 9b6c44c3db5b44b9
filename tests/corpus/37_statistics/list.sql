-- a list
SET pgpurpose.purpose = 'census'
---
SELECT array_agg(balance ORDER BY id) FROM person
