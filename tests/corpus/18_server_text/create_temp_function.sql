-- a function in the temporary schema
CREATE FUNCTION pg_temp.own() RETURNS text LANGUAGE sql AS 'SELECT ssn FROM public.person WHERE id = 1'
---
SELECT pg_temp.own()
