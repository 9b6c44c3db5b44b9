-- by the type of a column
CREATE TEMP TABLE mine (n known_ssn)
---
INSERT INTO mine VALUES ('078-05-1120')
