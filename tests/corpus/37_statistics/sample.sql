-- a sample that is known beforehand
SET pgpurpose.purpose = 'census'
---
SELECT sum(balance) FROM person TABLESAMPLE bernoulli (50) REPEATABLE (3)
