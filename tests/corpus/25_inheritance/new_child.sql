-- a new child of the table, then its rows
CREATE TABLE contact_new () INHERITS (contact)
---
INSERT INTO contact_new VALUES (1, 'x', (SELECT ssn FROM person WHERE id = 1))
---
SELECT value FROM contact_new
