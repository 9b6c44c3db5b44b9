-- People whose values can be told from all others, and places where copies could be put.
CREATE TABLE person (
    id       integer PRIMARY KEY,
    name     text NOT NULL,
    email    text,
    born     date,
    balance  integer
);
CREATE TABLE purchase (
    id         integer PRIMARY KEY,
    person_id  integer REFERENCES person,
    item       text NOT NULL,
    price      integer NOT NULL
);
CREATE TABLE choice (person_id integer NOT NULL, purpose text NOT NULL, agreed boolean);
CREATE TABLE note (id serial PRIMARY KEY, text text);
CREATE VIEW report_v AS SELECT 'x'::text AS text;
CREATE SCHEMA partner;
CREATE SCHEMA scratch;
CREATE TABLE scratch.pad (id integer, text text);
INSERT INTO person VALUES
    (1, 'Ada Open', 'ada@example.org', '1980-01-01', 100),
    (2, 'Ben Open', 'ben@example.org', '1990-02-02', 200),
    (3, 'sesame3', 'sesame3@example.org', '1985-03-03', 73911);
INSERT INTO purchase VALUES (11, 1, 'tea', 10), (12, 2, 'tea', 20), (13, 3, 'sesame13', 73912);
INSERT INTO choice VALUES (3, 'ads', false), (1, 'study', true);
GRANT ALL ON ALL TABLES IN SCHEMA public, scratch TO town;
GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO town;
GRANT ALL ON SCHEMA public, partner, scratch TO town;
ALTER TABLE report_v OWNER TO town;
ALTER TABLE note OWNER TO town;
