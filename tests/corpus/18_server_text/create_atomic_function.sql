-- a function of one's own with a body in SQL
CREATE FUNCTION own() RETURNS text LANGUAGE sql RETURN (SELECT ssn FROM person WHERE id = 1)
---
SELECT own()
