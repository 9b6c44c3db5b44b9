-- a cast by a function at hand
-- role: postgres
CREATE TYPE three AS (a integer)
---
CREATE FUNCTION as_three(text) RETURNS three LANGUAGE sql AS 'SELECT ROW(length($1))::three'
---
CREATE CAST (text AS three) WITH FUNCTION as_three(text)
---
SELECT ssn::three FROM person ORDER BY id
