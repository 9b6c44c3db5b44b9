-- A small town for the tests about people: who they are, what they bought, what they chose.
CREATE TABLE person (
    id        integer PRIMARY KEY,
    name      text NOT NULL,
    email     text,
    born      date,
    balance   integer,
    left_us   boolean NOT NULL DEFAULT false
);
CREATE TABLE purchase (
    id         integer PRIMARY KEY,
    person_id  integer REFERENCES person,
    item       text NOT NULL,
    price      integer NOT NULL
);
CREATE TABLE choice (
    person_id    integer NOT NULL,
    purpose      text NOT NULL,
    agreed       boolean,
    by_guardian  boolean NOT NULL DEFAULT false
);
CREATE TABLE note (id integer PRIMARY KEY, text text);
-- Cheap, so that the planner likes to run it early, and talkative.
CREATE FUNCTION tell(value anyelement) RETURNS boolean LANGUAGE plpgsql COST 0.000001 AS $$
BEGIN
    RAISE NOTICE 'told %', value;
    RETURN true;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO town;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO town;
