-- a percentile
SET pgpurpose.purpose = 'census'
---
SELECT percentile_disc(1) WITHIN GROUP (ORDER BY balance) FROM person
