-- a clock of one's own
CREATE FUNCTION attic.now() RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$ SELECT timestamptz '2060-01-01' $$
---
SET LOCAL search_path = attic, pg_catalog, public
---
SELECT name FROM person WHERE id = 4
