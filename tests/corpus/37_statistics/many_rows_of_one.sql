-- one person with many rows
SET pgpurpose.purpose = 'census'
---
SELECT count(price), sum(price) FROM purchase, generate_series(1, 50)
