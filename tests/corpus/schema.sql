-- A town whose people are asked about by someone who may see little of them, though he owns the
-- tables: what he finds here of views, functions and triggers was there before him.
CREATE EXTENSION IF NOT EXISTS dblink;
CREATE EXTENSION IF NOT EXISTS hstore;
CREATE EXTENSION IF NOT EXISTS tablefunc;
CREATE EXTENSION IF NOT EXISTS pageinspect;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE TABLE person (
    id       integer PRIMARY KEY,
    name     text NOT NULL,
    email    varchar(60) UNIQUE,
    ssn      text,
    phone    text,
    born     date,
    balance  integer CHECK (balance > -100),
    notes    text,
    tags     text[],
    profile  jsonb,
    photo    bytea,
    ip       inet,
    region   text NOT NULL DEFAULT 'north',
    left_us  boolean NOT NULL DEFAULT false,
    domain   text GENERATED ALWAYS AS (split_part(email, '@', 1)) STORED
);
CREATE INDEX person_ssn ON person (lower(ssn));
CREATE TABLE purchase (
    id         integer PRIMARY KEY,
    person_id  integer REFERENCES person,
    item       text NOT NULL,
    price      integer NOT NULL,
    referrer   text REFERENCES person (email)
);
CREATE TABLE visit (person_id integer, day date NOT NULL, place text) PARTITION BY RANGE (day);
CREATE TABLE visit_2023 PARTITION OF visit FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE visit_2024 PARTITION OF visit FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE contact (person_id integer, kind text, value text);
CREATE TABLE contact_old () INHERITS (contact);
CREATE TABLE choice (
    person_id    integer NOT NULL,
    purpose      text NOT NULL,
    agreed       boolean,
    by_guardian  boolean NOT NULL DEFAULT false
);
CREATE TABLE note (id integer PRIMARY KEY, text text);
CREATE VIEW person_view AS SELECT id, name, ssn, email FROM public.person;
CREATE VIEW person_view_view (number, what) AS SELECT id, upper(ssn) FROM public.person_view;
CREATE VIEW person_hint AS SELECT id FROM public.person WHERE ssn LIKE '078%';
CREATE MATERIALIZED VIEW person_list AS SELECT id, ssn FROM public.person;
CREATE FUNCTION ssn_of(integer) RETURNS text LANGUAGE sql STABLE
    AS 'SELECT ssn FROM public.person WHERE id = $1';
CREATE FUNCTION peek(integer) RETURNS text LANGUAGE plpgsql AS $$
BEGIN RETURN (SELECT ssn FROM public.person WHERE id = $1); END $$;
CREATE FUNCTION show_row(public.person) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ($1).ssn';
CREATE FUNCTION people() RETURNS SETOF public.person LANGUAGE sql STABLE
    AS 'SELECT * FROM public.person';
CREATE FUNCTION tell(value anyelement) RETURNS boolean LANGUAGE plpgsql COST 0.000001 AS $$
BEGIN RAISE NOTICE 'told %', value; RETURN true; END $$;
CREATE PROCEDURE shout(integer) LANGUAGE plpgsql AS $$
BEGIN RAISE NOTICE 'ssn %', (SELECT ssn FROM public.person WHERE id = $1); END $$;
CREATE AGGREGATE gather (text) (SFUNC = textcat, STYPE = text, INITCOND = '');
CREATE OPERATOR ~~> (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4pl);
CREATE FUNCTION peek_by(integer, integer) RETURNS text LANGUAGE plpgsql AS $$
BEGIN RETURN (SELECT ssn FROM public.person WHERE id = $1 + $2); END $$;
CREATE OPERATOR |?| (LEFTARG = integer, RIGHTARG = integer, FUNCTION = peek_by);
CREATE FUNCTION carry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.text := (SELECT ssn FROM public.person WHERE id = NEW.id); RETURN NEW; END $$;
CREATE TABLE errand (id integer PRIMARY KEY, text text);
CREATE TRIGGER carry BEFORE INSERT ON errand FOR EACH ROW EXECUTE FUNCTION carry();
CREATE TABLE gift (id integer PRIMARY KEY, code text DEFAULT ssn_of(1));
CREATE TABLE letterbox (id integer, text text);
CREATE TABLE slot (id integer, text text);
CREATE RULE fill AS ON INSERT TO slot DO INSTEAD
    INSERT INTO letterbox SELECT id, ssn FROM public.person WHERE id = NEW.id;
CREATE FUNCTION known(text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN RETURN EXISTS (SELECT FROM public.person WHERE ssn = $1); END $$;
CREATE DOMAIN known_ssn AS text CHECK (known(VALUE));
-- What writes set off: reading code first, then what any schema has.
CREATE FUNCTION post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO letterbox SELECT 1, ssn FROM public.person WHERE id = 1; RETURN NULL; END $$;
CREATE FUNCTION carry_unseen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN EXECUTE 'SELECT ssn FROM public.' || 'per' || 'son WHERE id = $1' INTO NEW.text USING NEW.id;
    RETURN NEW; END $$;
CREATE FUNCTION hand_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO public.errand (id) VALUES (NEW.id); RETURN NEW; END $$;
CREATE FUNCTION look_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.text := (SELECT text FROM plan WHERE id = 1); RETURN NEW; END $$;
CREATE FUNCTION stamp(integer) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN RETURN (SELECT ssn FROM public.person WHERE id = $1); END $$;
CREATE FUNCTION doubt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN IF EXISTS (SELECT FROM public.person WHERE ssn = NEW.text) THEN RAISE EXCEPTION 'known'; END IF;
    RETURN NEW; END $$;
CREATE TABLE parcel (id integer PRIMARY KEY, text text);
CREATE TRIGGER post AFTER INSERT OR UPDATE OR DELETE ON parcel
    FOR EACH STATEMENT EXECUTE FUNCTION post();
CREATE TABLE sealed (id integer PRIMARY KEY, text text);
CREATE TRIGGER carry BEFORE INSERT ON sealed FOR EACH ROW EXECUTE FUNCTION carry_unseen();
CREATE TABLE bundle (id integer PRIMARY KEY, text text);
CREATE TRIGGER hand_on AFTER INSERT ON bundle FOR EACH ROW EXECUTE FUNCTION hand_on();
CREATE TABLE plan (id integer PRIMARY KEY, text text);
CREATE TABLE job (id integer PRIMARY KEY, text text);
CREATE TRIGGER look_up BEFORE INSERT ON job FOR EACH ROW EXECUTE FUNCTION look_up();
CREATE TABLE niche (id integer, text text);
CREATE RULE tell AS ON INSERT TO niche DO ALSO SELECT ssn FROM public.person WHERE id = NEW.id;
CREATE TABLE alcove (id integer, text text);
CREATE RULE tell AS ON UPDATE TO alcove DO INSTEAD SELECT peek(NEW.id);
CREATE TABLE present (id integer PRIMARY KEY, code text DEFAULT peek(1));
CREATE TABLE stamped (id integer PRIMARY KEY, s text GENERATED ALWAYS AS (stamp(id)) STORED);
CREATE TABLE guess (id integer PRIMARY KEY, text text CHECK (known(text) IS NOT TRUE));
CREATE TABLE riddle (id integer PRIMARY KEY, text text);
CREATE TRIGGER doubt BEFORE INSERT OR UPDATE ON riddle FOR EACH ROW EXECUTE FUNCTION doubt();
CREATE TABLE typed (id integer, n known_ssn);
CREATE TABLE den (id integer PRIMARY KEY, text text);
CREATE TABLE cub (id integer PRIMARY KEY, den_id integer REFERENCES den ON DELETE CASCADE);
CREATE TRIGGER post AFTER DELETE ON cub FOR EACH ROW EXECUTE FUNCTION post();
CREATE TABLE rack (id integer, text text) PARTITION BY LIST (id);
CREATE TABLE rack_1 PARTITION OF rack FOR VALUES IN (1);
CREATE TRIGGER carry BEFORE INSERT ON rack_1 FOR EACH ROW EXECUTE FUNCTION carry();
CREATE VIEW errand_view AS SELECT id, text FROM public.errand;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW IS DISTINCT FROM OLD THEN NEW.changes := OLD.changes + 1; END IF;
    NEW.title := trim(NEW.title); NEW.changed = coalesce(NEW.changed, date '2024-01-01');
    RETURN NEW;
END $$;
CREATE FUNCTION log_task() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO history (what, old, new) VALUES (TG_OP, to_json(OLD), to_json(NEW));
    UPDATE tally SET n = n + 1 WHERE name = 'task';
    PERFORM pg_notify('task', TG_OP);
    RETURN NULL;
END $$;
CREATE FUNCTION log_anywhere() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('INSERT INTO %I (what) VALUES ($1)', TG_ARGV[0]) USING TG_TABLE_NAME; RETURN NULL;
END $$;
CREATE FUNCTION next_code() RETURNS text LANGUAGE plpgsql AS $$
DECLARE found integer;
BEGIN SELECT n + 1 INTO found FROM tally WHERE name = 'code'; RETURN 'T-' || found; END $$;
CREATE SEQUENCE history_number_seq;
CREATE SEQUENCE task_id_seq;
CREATE TABLE history (number bigint DEFAULT nextval('history_number_seq'), what text, old json, new json);
CREATE TABLE tally (name text PRIMARY KEY, n integer NOT NULL);
INSERT INTO tally VALUES ('task', 0), ('code', 41);
CREATE TABLE task (id integer PRIMARY KEY DEFAULT nextval('task_id_seq'), title text NOT NULL CHECK (length(title) > 0),
    key uuid DEFAULT gen_random_uuid(), code text DEFAULT next_code(), changes integer DEFAULT 0,
    changed date, made timestamptz DEFAULT now(), of integer REFERENCES task ON DELETE CASCADE);
CREATE TRIGGER touch BEFORE INSERT OR UPDATE ON task FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON task FOR EACH ROW EXECUTE FUNCTION log_task();
CREATE TRIGGER log_by_name AFTER INSERT ON task
    FOR EACH STATEMENT EXECUTE FUNCTION log_anywhere('history');
CREATE FUNCTION tidy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.item := trim(NEW.item);
    UPDATE public.person SET left_us = left_us WHERE id = NEW.person_id;
    RETURN NEW;
END $$;
CREATE TRIGGER tidy BEFORE INSERT OR UPDATE ON purchase FOR EACH ROW EXECUTE FUNCTION tidy();
CREATE SCHEMA attic AUTHORIZATION town;
CREATE SEQUENCE counter;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace
             AND relkind IN ('r', 'p', 'v', 'm', 'S') AND relname <> 'choice' LOOP
        EXECUTE format('ALTER TABLE %I OWNER TO town', r.relname);
    END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO town;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO town;
GRANT CREATE ON SCHEMA public TO town;
DO $$ BEGIN
    EXECUTE format('GRANT CREATE, TEMPORARY ON DATABASE %I TO town', current_database());
END $$;
