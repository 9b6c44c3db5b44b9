-- a function over people where some of them are not there
CREATE FUNCTION names() RETURNS SETOF text LANGUAGE sql AS 'SELECT name FROM person ORDER BY id'
---
SELECT * FROM people() ORDER BY id
