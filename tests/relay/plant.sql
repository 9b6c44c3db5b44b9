-- Two tables of every type that clients decode in their own way, a log to write to, and the
-- small things a statement can meet on its way.
CREATE TYPE mood AS ENUM ('calm', 'busy');
CREATE DOMAIN postcode AS text CHECK (value ~ '^[0-9]{5}$');
CREATE TABLE person (
    id        integer PRIMARY KEY,
    name      text NOT NULL,
    email     varchar(60) UNIQUE,
    code      char(6),
    born      date,
    seen      timestamptz DEFAULT '2026-01-02 03:04:05.678901+00',
    balance   numeric(12, 2),
    ratio     double precision,
    active    boolean DEFAULT true,
    tags      text[],
    profile   jsonb,
    photo     bytea,
    address   inet,
    key       uuid,
    mood      mood,
    zip       postcode,
    pause     interval
);
INSERT INTO person
SELECT n, 'Person ' || n, 'person' || n || '@example.org', lpad(n::text, 4, '0'),
       date '1950-01-01' + (n * 37) % 25000, timestamptz '2026-01-01 00:00:00+00' + n * interval '61 minutes',
       CASE WHEN n % 7 = 0 THEN NULL ELSE n * 12.34 END, n / 7.0::float8, n % 3 <> 0,
       CASE WHEN n % 5 = 0 THEN NULL ELSE ARRAY['a' || n, NULL, 'ü,"{}'] END,
       jsonb_build_object('n', n, 'deep', jsonb_build_array(1, NULL, 'x')),
       decode(md5(n::text), 'hex'), ('10.0.' || n % 250 || '.' || n % 199)::inet,
       md5(n::text)::uuid, CASE n % 2 WHEN 0 THEN 'calm' ELSE 'busy' END::mood,
       lpad((n % 99999)::text, 5, '0')::postcode, n * interval '1 day 2 hours'
FROM generate_series(1, 500) n;
CREATE TABLE visit (
    id         serial PRIMARY KEY,
    person_id  integer NOT NULL REFERENCES person (id),
    place      text NOT NULL CHECK (place <> ''),
    at         timestamp NOT NULL DEFAULT '2026-02-03 04:05:06'
);
INSERT INTO visit (person_id, place)
SELECT 1 + (n * 7) % 500, (ARRAY['Lyon', 'Köln', '東京', 'Bergen'])[1 + n % 4]
FROM generate_series(1, 2000) n;
CREATE VIEW recent AS SELECT id, name, born FROM person WHERE id > 490;
CREATE FUNCTION chat(how_often integer) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1..how_often LOOP RAISE NOTICE 'line %', i USING DETAIL = 'a detail', HINT = 'a hint'; END LOOP;
    RAISE WARNING 'enough';
    RETURN how_often;
END $$;
GRANT ALL ON ALL TABLES IN SCHEMA public TO relay_user;
GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO relay_user;
GRANT CREATE ON SCHEMA public TO relay_user;
ANALYZE;
