-- chance that is known beforehand
SET pgpurpose.purpose = 'census'
---
SELECT setseed(0.5)
---
SELECT sum(balance) FROM person WHERE random() < 0.6
