-- by a prepared guess
PREPARE p (text) AS SELECT count(*) FROM person WHERE ssn = $1
---
EXECUTE p ('078-05-1120')
