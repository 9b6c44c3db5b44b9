-- a note of a trigger of one's own
CREATE FUNCTION pg_temp.talk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE '%', OLD; RETURN NEW; END $$
---
CREATE TRIGGER t BEFORE UPDATE ON person FOR EACH ROW EXECUTE FUNCTION pg_temp.talk()
---
UPDATE person SET name = name
