-- an aggregate whose parts are at hand
CREATE AGGREGATE own (text) (SFUNC = textcat, STYPE = text, INITCOND = '')
---
SELECT own(ssn ORDER BY id) FROM person
