-- a table like it, then filled
CREATE TABLE twin (LIKE person)
---
INSERT INTO twin SELECT * FROM (SELECT id, name, email, ssn, phone, born, balance, notes, tags, profile, photo, ip, region, left_us, domain FROM person) x
---
SELECT ssn FROM twin ORDER BY id
