-- by a function that runs as another
-- role: postgres
CREATE FUNCTION own() RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT ssn FROM public.person WHERE id = 1'
---
SELECT own()
