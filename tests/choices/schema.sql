-- People, what is kept of them by two services, and everything a choice can say.
CREATE SCHEMA shop;
CREATE SCHEMA live;
CREATE TABLE shop.person (
    id     integer PRIMARY KEY,
    name   text,
    phone  text,
    note   text,
    born   date
);
CREATE TABLE shop.item (
    id         integer PRIMARY KEY,
    person_id  integer,
    what       text,
    price      integer,
    any_kind   text
);
CREATE TABLE live.viewer (
    id         integer PRIMARY KEY,
    person_id  integer,
    nick       text
);
CREATE TABLE shop.choice (
    person_id    integer NOT NULL,
    purpose      text,
    category     text,
    service      text,
    recipient    text,
    choice       text,
    by_guardian  boolean,
    since        timestamptz,
    until        timestamp
);
CREATE INDEX ON shop.choice (person_id);
-- Cheap, so that the planner likes to run it early, and talkative.
CREATE FUNCTION shop.tell(value anyelement) RETURNS boolean LANGUAGE plpgsql COST 0.000001 AS $$
BEGIN
    RAISE NOTICE 'told %', value;
    RETURN true;
END $$;
