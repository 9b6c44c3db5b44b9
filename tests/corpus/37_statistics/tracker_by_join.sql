-- one of all by a join
SET pgpurpose.purpose = 'census'
---
SELECT sum(p.balance) FROM person p JOIN (VALUES (1)) v (id) ON v.id = p.id
