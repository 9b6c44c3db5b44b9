-- one of all by another table of the same people
SET pgpurpose.purpose = 'census'
---
SELECT sum(p.balance) FROM person p JOIN purchase q ON q.person_id = p.id WHERE q.id = 11
