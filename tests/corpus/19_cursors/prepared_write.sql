-- a prepared write
PREPARE p AS UPDATE person SET name = name WHERE ssn = $1
---
EXECUTE p ('078-05-1120')
