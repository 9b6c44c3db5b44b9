-- an operator of one's own for the lookup
-- role: postgres
CREATE FUNCTION always(integer, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'
---
CREATE OPERATOR public.= (LEFTARG = integer, RIGHTARG = integer, FUNCTION = always)
---
SET LOCAL search_path = public, pg_catalog
---
SELECT item FROM purchase WHERE id OPERATOR(pg_catalog.=) 16
