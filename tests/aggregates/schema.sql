CREATE TABLE person (id integer PRIMARY KEY, region text, born date, left_us boolean NOT NULL);
CREATE TABLE bill (id integer PRIMARY KEY, person_id integer REFERENCES person, sent date);
CREATE TABLE payment (
    id       integer PRIMARY KEY,
    bill_id  integer NOT NULL REFERENCES bill,
    amount   integer,
    what     text
);
CREATE TABLE wallet (person_id integer REFERENCES person, balance integer, kind text);
CREATE TABLE choice (person_id integer NOT NULL, purpose text NOT NULL, agreed boolean);
CREATE TABLE rate (region text, factor integer);
GRANT SELECT ON ALL TABLES IN SCHEMA public TO analyst;
