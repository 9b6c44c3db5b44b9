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
