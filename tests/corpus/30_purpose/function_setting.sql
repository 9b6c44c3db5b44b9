-- a purpose that a function carries
CREATE FUNCTION own() RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('pgpurpose.purpose', 'serve', true); RETURN (SELECT ssn FROM public.person WHERE id = 1); END $$
---
SELECT own()
