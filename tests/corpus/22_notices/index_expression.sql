-- a note while an index is built
CREATE FUNCTION shown(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RAISE NOTICE '%', $1; RETURN $1; END $$
---
CREATE INDEX ON person (shown(ssn))
