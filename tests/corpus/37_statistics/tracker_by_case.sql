-- one of all by CASE
SET pgpurpose.purpose = 'census'
---
SELECT sum(CASE WHEN id = 1 THEN balance ELSE 0 END) FROM person
