-- a trigger that reads a plain table, which something else stands before
CREATE TEMP VIEW plan AS SELECT 1 AS id, ssn AS text FROM public.person WHERE id = 1
---
INSERT INTO job (id) VALUES (1) RETURNING text
