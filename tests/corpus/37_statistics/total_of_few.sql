-- a sum over fewer people than it may be about
SET pgpurpose.purpose = 'census'
---
SELECT sum(balance), avg(balance), count(balance), stddev(balance) FROM person
