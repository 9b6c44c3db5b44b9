-- a count of those over a bound
SET pgpurpose.purpose = 'census'
---
SELECT count(balance) FILTER (WHERE balance >= 150) FROM person
