-- a table of one's own that refers to the hidden
CREATE TABLE probe (id integer REFERENCES person)
---
INSERT INTO probe VALUES (6)
