-- as the default of a column
CREATE TABLE own (id integer, s text DEFAULT ssn_of(1))
---
INSERT INTO own (id) VALUES (1)
---
SELECT s FROM own
