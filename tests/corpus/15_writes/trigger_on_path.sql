-- a trigger that reads a plain table, by another path
CREATE VIEW attic.plan AS SELECT 1 AS id, ssn AS text FROM public.person WHERE id = 1
---
SET LOCAL search_path = attic, public
---
INSERT INTO public.job (id) VALUES (1) RETURNING text
