-- a temporary table made of the numbers
CREATE TEMP TABLE stolen AS SELECT ssn AS x FROM person
---
SELECT x FROM stolen ORDER BY 1
