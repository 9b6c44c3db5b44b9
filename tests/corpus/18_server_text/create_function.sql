-- a function of one's own
CREATE FUNCTION own() RETURNS SETOF text LANGUAGE sql AS 'SELECT ssn FROM person ORDER BY id'
---
SELECT own()
