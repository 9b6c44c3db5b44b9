-- the number, by its full name
SELECT public.person.ssn FROM public.person ORDER BY id
