-- all but one, inside the aggregate
SET pgpurpose.purpose = 'census'
---
SELECT sum(balance) FILTER (WHERE id <> 1) FROM person
