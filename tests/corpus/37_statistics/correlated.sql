-- a sum for each person
SET pgpurpose.purpose = 'census'
---
SELECT p.id, (SELECT sum(q.price) FROM purchase q WHERE q.person_id = p.id) FROM person p ORDER BY 1
