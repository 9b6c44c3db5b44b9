-- a guess confirmed by HAVING
SET pgpurpose.purpose = 'census'
---
SELECT count(*) FROM person HAVING sum(balance) > 3000
