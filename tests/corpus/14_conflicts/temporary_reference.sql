-- guesses against an address, in a table of one's own
CREATE TABLE probe (email varchar(60) REFERENCES person (email))
---
INSERT INTO probe VALUES ('ada@example.org')
