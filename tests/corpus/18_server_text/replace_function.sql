-- a known function with another body
CREATE OR REPLACE FUNCTION pg_temp.lower(text) RETURNS text LANGUAGE sql AS 'SELECT ssn FROM public.person WHERE id = 1'
---
SELECT pg_temp.lower('x')
