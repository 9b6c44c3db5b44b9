-- all, and all but one
SET pgpurpose.purpose = 'census'
---
SELECT sum(balance) FROM person
---
SELECT sum(balance) FROM person WHERE id <> 1
