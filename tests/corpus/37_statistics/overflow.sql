-- an overflow that hangs on one person
SET pgpurpose.purpose = 'census'
---
SELECT sum(balance * 1000) FROM person
