-- a copy kept anew
REFRESH MATERIALIZED VIEW person_list
---
SELECT ssn FROM person_list ORDER BY id
