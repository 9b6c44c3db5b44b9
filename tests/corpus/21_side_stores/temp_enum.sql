-- kept as a label of a type
DO $$ BEGIN EXECUTE format('CREATE TYPE e AS ENUM (%L)', (SELECT ssn FROM person WHERE id = 1)); END $$
---
SELECT enum_range(NULL::e)
