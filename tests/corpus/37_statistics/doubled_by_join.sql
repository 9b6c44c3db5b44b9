-- each person joined with everybody
SET pgpurpose.purpose = 'census'
---
SELECT sum(p.balance) FROM person p, person q
