-- by a domain that looks things up, cast in words
SELECT CAST('078-05-1120' AS public.known_ssn)
