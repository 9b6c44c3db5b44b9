-- values counted apart
SET pgpurpose.purpose = 'census'
---
SELECT count(DISTINCT balance), sum(DISTINCT balance) FROM person
