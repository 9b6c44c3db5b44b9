-- a note of a block of code
DO $$ BEGIN RAISE NOTICE '%', (SELECT ssn FROM person WHERE id = 1); END $$
