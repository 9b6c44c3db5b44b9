-- kept in a comment
DO $$ BEGIN EXECUTE format('COMMENT ON TABLE note IS %L', (SELECT ssn FROM person WHERE id = 1)); END $$
---
SELECT obj_description('note'::regclass)
