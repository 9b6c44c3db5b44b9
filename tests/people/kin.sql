-- More of the town: what is kept in parts, derived from a table, or seen through a view.
CREATE TABLE vip (id integer PRIMARY KEY, person_id integer REFERENCES person, gift text NOT NULL);
CREATE TABLE vip_abroad (country text) INHERITS (vip);
CREATE TABLE visit (person_id integer, day date NOT NULL, page text) PARTITION BY RANGE (day);
CREATE TABLE visit_early PARTITION OF visit FOR VALUES FROM (MINVALUE) TO ('2020-01-01');
CREATE TABLE visit_late PARTITION OF visit FOR VALUES FROM ('2020-01-01') TO (MAXVALUE);
CREATE VIEW contact AS SELECT id, name, email FROM person;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO town;
