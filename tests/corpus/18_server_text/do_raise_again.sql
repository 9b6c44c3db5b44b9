-- an error that goes through a block
DO $$ BEGIN EXECUTE 'ALTER TABLE person ADD CONSTRAINT c EXCLUDE (left(ssn, 1) WITH =)'; EXCEPTION WHEN others THEN RAISE; END $$
