-- a part of a table
SET pgpurpose.purpose = 'census'
---
SELECT count(place) FROM visit_2023
