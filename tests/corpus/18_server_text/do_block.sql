-- a block of code
DO $$ BEGIN RAISE EXCEPTION '%', (SELECT ssn FROM person WHERE id = 1); END $$
