-- Each line is tried by someone who wants to know what the purpose may not see.
SELECT * FROM person ORDER BY id
SELECT id FROM person ORDER BY id
SELECT name, email, born, balance FROM person ORDER BY id
SELECT count(*), count(email), count(DISTINCT name) FROM person
SELECT sum(balance), min(balance), max(balance), avg(balance) FROM person
SELECT min(name), max(name), min(email), max(born) FROM person
SELECT id FROM person ORDER BY balance, id
SELECT id FROM person ORDER BY name DESC, id
SELECT id FROM person WHERE balance > 150 ORDER BY id
SELECT id FROM person WHERE balance = 100 ORDER BY id
SELECT id FROM person WHERE name LIKE 'Al%' ORDER BY id
SELECT id FROM person WHERE name = 'Ada Plain'
SELECT id FROM person WHERE length(name) > 8 ORDER BY id
SELECT id FROM person WHERE email ~ '^an' ORDER BY id
SELECT id FROM person WHERE email IS NULL ORDER BY id
SELECT id FROM person WHERE born < '1980-06-01' ORDER BY id
SELECT id FROM person WHERE born BETWEEN '1980-01-01' AND '1980-01-01' ORDER BY id
SELECT born, count(*) FROM person GROUP BY born ORDER BY born
SELECT balance, count(*) FROM person GROUP BY balance ORDER BY balance
SELECT DISTINCT name FROM person ORDER BY name
SELECT id, rank() OVER (ORDER BY balance, id) FROM person ORDER BY id
SELECT id, lag(balance) OVER (ORDER BY id) FROM person ORDER BY id
SELECT 1 / (balance - 199) FROM person ORDER BY id
SELECT id FROM person WHERE 1 / (balance - 299) = 0 ORDER BY id
SELECT email::integer FROM person ORDER BY id
SELECT name::date FROM person ORDER BY id
SELECT substr(name, 2, 3), length(email), md5(email) FROM person ORDER BY id
SELECT CASE WHEN name = 'Alma Prior' THEN 1 / (id - id) ELSE 0 END FROM person
SELECT coalesce(balance, 0) + 1, nullif(name, 'Ada Plain') FROM person ORDER BY id
SELECT p.id, u.item FROM person p JOIN purchase u ON u.person_id = p.id ORDER BY u.id
SELECT p.id, u.item FROM person p LEFT JOIN purchase u ON u.person_id = p.id ORDER BY p.id, u.id
SELECT u.id, p.name FROM purchase u LEFT JOIN person p ON u.person_id = p.id ORDER BY u.id
SELECT p.id, u.id FROM person p FULL JOIN purchase u ON p.balance = u.price ORDER BY 1, 2
SELECT n.id, p.name FROM note n LEFT JOIN person p ON p.id = n.id ORDER BY n.id
SELECT n.id FROM note n WHERE EXISTS (SELECT 1 FROM person p WHERE p.id = n.id) ORDER BY 1
SELECT n.id FROM note n WHERE n.id NOT IN (SELECT id FROM person) ORDER BY 1
SELECT n.id, (SELECT email FROM person p WHERE p.id = n.id) FROM note n ORDER BY 1
SELECT a.id, b.id FROM person a JOIN person b ON a.name = b.name ORDER BY 1, 2
SELECT a.id, b.id FROM person a JOIN person b ON a.balance < b.balance ORDER BY 1, 2
SELECT id FROM person p WHERE balance = (SELECT max(balance) FROM person) ORDER BY id
WITH t AS (SELECT id, item FROM purchase) SELECT item, count(*) FROM t GROUP BY item ORDER BY item
SELECT item, sum(price) FROM purchase GROUP BY ROLLUP (item) ORDER BY item
SELECT id FROM purchase WHERE item = 'tea' ORDER BY id
SELECT id FROM purchase WHERE price > 50 ORDER BY id
SELECT name FROM person UNION SELECT item FROM purchase ORDER BY 1
SELECT id FROM person EXCEPT SELECT person_id FROM purchase ORDER BY 1
SELECT person FROM person ORDER BY id
SELECT to_jsonb(p) FROM person p ORDER BY id
SELECT row_to_json(p) -> 'email' FROM person p ORDER BY id
SELECT array_agg(name ORDER BY id), string_agg(email, ',' ORDER BY id) FROM person
SELECT tell(email) FROM person ORDER BY id
SELECT id FROM person WHERE tell(name) ORDER BY id
SELECT x.id FROM note n, LATERAL (SELECT * FROM person p WHERE p.id = n.id AND tell(p.email)) x ORDER BY 1
SELECT id FROM person ORDER BY id LIMIT 1 OFFSET 2
SELECT id FROM person TABLESAMPLE SYSTEM (100) ORDER BY id
SELECT ctid, id FROM person ORDER BY id
SELECT pg_column_size(name) FROM person ORDER BY id
SELECT pg_relation_size('person'), pg_total_relation_size('purchase')
SELECT most_common_vals::text FROM pg_stats WHERE tablename = 'person'
SELECT reltuples FROM pg_class WHERE relname = 'person'
SELECT n_tup_ins FROM pg_stat_user_tables WHERE relname = 'person'
SELECT query_to_xml('SELECT * FROM person', true, false, '')
SELECT table_to_xml('person', true, false, '')
EXPLAIN SELECT * FROM person WHERE balance = 100
EXPLAIN ANALYZE SELECT * FROM person
COPY (SELECT * FROM person ORDER BY id) TO STDOUT
COPY person (name) TO STDOUT
INSERT INTO note SELECT id + 100, name FROM person WHERE id = 1 RETURNING text
INSERT INTO person (id, name) VALUES (3, 'again')
INSERT INTO person (id, name) VALUES (3, 'again') ON CONFLICT DO NOTHING
INSERT INTO person (id, name) SELECT id, name FROM person ON CONFLICT (id) DO UPDATE SET name = excluded.name
UPDATE person SET balance = balance
UPDATE person SET balance = 1 / (balance - 199) WHERE id = 1
UPDATE person SET name = name WHERE balance > 150
UPDATE person SET name = 'x' WHERE id = 3
UPDATE person SET id = 4 WHERE id = 1
UPDATE note SET text = p.name FROM person p WHERE p.id = note.id AND p.balance > 150 RETURNING text
DELETE FROM person WHERE balance = 299
DELETE FROM person WHERE id = 3
SELECT id FROM person ORDER BY id FOR UPDATE
DECLARE c CURSOR FOR SELECT name FROM person ORDER BY id
CREATE TEMP TABLE stolen AS SELECT * FROM person
PREPARE p AS SELECT name FROM person WHERE balance > 150 ORDER BY id
-- Other spellings of a row and its columns.
SELECT person::text FROM person ORDER BY id
SELECT (person).email FROM person ORDER BY id
SELECT (p).* FROM (SELECT person AS p FROM person) x ORDER BY 1
SELECT email(person), name(p) FROM person p ORDER BY id
SELECT person.email FROM public.person ORDER BY person.id
SELECT "person"."email" FROM "public"."person" ORDER BY "id"
SELECT U&"\0065mail" FROM person ORDER BY id
SELECT p.e FROM person AS p (i, n, e) ORDER BY i
SELECT x.e FROM (TABLE person) AS x (i, n, e) ORDER BY i
SELECT row(p.*) FROM person p ORDER BY id
SELECT row(p.*) < row(1, 'B') FROM person p ORDER BY id
SELECT count(*) FROM person p WHERE p IS NOT NULL
SELECT count(DISTINCT p) FROM person p
SELECT array_agg(p) FROM person p
SELECT json_agg(p ORDER BY id), jsonb_object_agg(id, email) FROM person p
SELECT hstore(p) FROM person p
SELECT xmlforest(name, email) FROM person ORDER BY id
SELECT format('%s', p) FROM person p ORDER BY id
SELECT concat(p, email), quote_literal(name) FROM person p ORDER BY id
SELECT p = q FROM person p JOIN person q USING (id) ORDER BY id
SELECT * FROM person NATURAL JOIN (SELECT email FROM person) x ORDER BY id
SELECT * FROM person a JOIN person b USING (email) ORDER BY 1, 2
SELECT a.id FROM person a, person b WHERE (a.name, a.email) = (b.name, b.email) ORDER BY 1
SELECT id FROM person WHERE (name, email) IN (VALUES ('Alma Prior', 'ayo@example.org'))
SELECT id FROM person WHERE email = ANY (ARRAY['ayo@example.org', 'x'])
SELECT id FROM person WHERE name = ALL (SELECT name FROM person)
SELECT id FROM person WHERE balance BETWEEN SYMMETRIC 199 AND 101 ORDER BY id
SELECT id FROM person WHERE name IS DISTINCT FROM 'Alma Prior' ORDER BY id
SELECT id FROM person WHERE name SIMILAR TO 'A%r' ORDER BY id
SELECT id FROM person WHERE (name LIKE 'Alma%') IS TRUE ORDER BY id
SELECT id FROM person WHERE starts_with(name, 'Alma') ORDER BY id
SELECT id FROM person WHERE position('lma' IN name) > 0 ORDER BY id
SELECT overlay(email PLACING 'x' FROM 1), trim(name), substring(email FROM '^..') FROM person ORDER BY id
SELECT regexp_matches(email, '(.*)@') FROM person ORDER BY id
SELECT regexp_split_to_table(email, '@') FROM person ORDER BY id
SELECT generate_series(1, least(balance, 900) / 100) FROM person ORDER BY id
SELECT id, generate_series(1, length(email)) FROM person ORDER BY 1, 2
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY balance) FROM person
SELECT mode() WITHIN GROUP (ORDER BY name) FROM person
SELECT count(*) FILTER (WHERE balance = 199) FROM person
SELECT sum(balance) OVER (PARTITION BY left(name, 2)) FROM person ORDER BY id
SELECT id, ntile(2) OVER (ORDER BY email) FROM person ORDER BY id
SELECT id FROM person GROUP BY id HAVING max(balance) > 150 ORDER BY id
SELECT name, id FROM person GROUP BY GROUPING SETS ((name, id), (name)) ORDER BY 1, 2
SELECT id FROM person ORDER BY (SELECT balance), id
SELECT id FROM person ORDER BY CASE WHEN name = 'Alma Prior' THEN 0 ELSE 1 END, id
SELECT id FROM person ORDER BY id LIMIT (SELECT max(balance) / 100 FROM person)
SELECT id FROM person ORDER BY id FETCH FIRST 1 ROW WITH TIES
SELECT DISTINCT ON (balance) id, balance FROM person ORDER BY balance, id
-- Loops and layers.
WITH RECURSIVE r AS (SELECT id, name FROM person WHERE id = 1 UNION SELECT p.id, p.name FROM person p JOIN r ON p.balance > 150) SELECT * FROM r ORDER BY 1
WITH x AS MATERIALIZED (SELECT * FROM person) SELECT * FROM x WHERE balance > 150 ORDER BY id
WITH person AS (SELECT 1 AS id) SELECT * FROM person
WITH x AS (SELECT * FROM person), person AS (SELECT * FROM x) SELECT * FROM person ORDER BY id
WITH d AS (DELETE FROM person WHERE balance = 199 RETURNING name) SELECT * FROM d
WITH u AS (UPDATE person SET name = 'x' WHERE id = 3 RETURNING email) SELECT * FROM u
WITH i AS (INSERT INTO note SELECT id + 50, email FROM person RETURNING *) SELECT * FROM i ORDER BY id
SELECT * FROM (SELECT * FROM (SELECT name, id FROM person) a) b ORDER BY id
SELECT (SELECT (SELECT max(name) FROM person)) FROM note
SELECT EXISTS (SELECT 1 FROM person WHERE balance = 199)
SELECT NOT EXISTS (SELECT FROM person WHERE name = 'Alma Prior'), ARRAY(SELECT name FROM person ORDER BY id)
SELECT * FROM note n CROSS JOIN LATERAL (SELECT max(p.name) FROM person p WHERE p.id <= n.id) x ORDER BY 1
SELECT * FROM ROWS FROM (generate_series(1, (SELECT least(max(balance), 900) FROM person) / 100)) AS g ORDER BY 1
SELECT name FROM person WHERE id = 1 UNION ALL SELECT email FROM person WHERE id = 2
SELECT name FROM person INTERSECT SELECT name FROM person ORDER BY 1
VALUES ((SELECT name FROM person WHERE id = 1), (SELECT balance::text FROM person WHERE id = 2))
SELECT p, to_jsonb(p), (p).email, name(p) FROM person p ORDER BY p.id
SELECT q.id, p, row_to_json(p) FROM note q LEFT JOIN person p ON p.id = q.id ORDER BY q.id
SELECT count(p) FROM person p TABLESAMPLE BERNOULLI (50) REPEATABLE (3)
SELECT id FROM person TABLESAMPLE SYSTEM (100) REPEATABLE (1) WHERE balance > 150 ORDER BY id
SELECT balance, name, count(*) FROM person GROUP BY GROUPING SETS (CUBE (balance, name), ()) ORDER BY 1, 2, 3
WITH RECURSIVE t (id, n) AS (SELECT id, name FROM person WHERE id = 1 UNION ALL SELECT p.id, p.name FROM person p JOIN t ON p.id = t.id + 1) SEARCH DEPTH FIRST BY n SET o CYCLE id SET c USING path SELECT * FROM t ORDER BY id
WITH RECURSIVE a AS (SELECT name FROM b), b AS (SELECT name FROM person) SELECT name FROM a ORDER BY 1
SELECT xmlelement(NAME a, xmlattributes(balance), email) FROM person ORDER BY id
SELECT id FROM person WHERE substring(name SIMILAR 'A#"%#"a' ESCAPE '#') IS NOT NULL ORDER BY id
SELECT id FROM person WHERE name LIKE ANY (ARRAY['A%']) AND email IN ('x') ORDER BY id
SELECT id FROM person ORDER BY balance USING >, id
SELECT id FROM person ORDER BY balance, id FETCH FIRST (SELECT count(balance) FROM person WHERE balance > 150) ROWS ONLY
SELECT j.id, j FROM person JOIN note USING (id) AS j ORDER BY 1
SELECT balance FROM person NATURAL JOIN note ORDER BY 1
SELECT sum(balance) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 + 1 FOLLOWING EXCLUDE CURRENT ROW) FROM person ORDER BY 1
-- Writing to find out.
INSERT INTO person SELECT * FROM person
INSERT INTO person (id, name, email) SELECT id + 200, email, name FROM person RETURNING *
INSERT INTO person AS p (id, name) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET balance = 1 / (p.balance - 199)
INSERT INTO person AS p (id, name) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET name = 'y' WHERE p.balance > 150 RETURNING p.name
INSERT INTO person AS p (id, name) VALUES (3, 'x') ON CONFLICT (id) DO UPDATE SET name = 'y' RETURNING p.*
INSERT INTO purchase (id, person_id, item, price) VALUES (900, 3, 'x', 1)
INSERT INTO purchase (id, person_id, item, price) VALUES (900, 1, 'x', 1) RETURNING *
UPDATE person SET email = email || name RETURNING email
UPDATE person SET (name, email) = (SELECT q.email, q.name FROM person q WHERE q.id = person.id) RETURNING *
UPDATE person SET name = q.name FROM person q WHERE q.id = 3 AND person.id = 1 RETURNING person.name
UPDATE person p SET left_us = p.balance > 150 RETURNING left_us
UPDATE note SET text = (SELECT email FROM person WHERE id = 3) RETURNING text
UPDATE purchase SET person_id = 3 WHERE id = 11 RETURNING *
DELETE FROM person p USING note n WHERE n.id = p.id AND p.balance > 150 RETURNING p.name
DELETE FROM note WHERE id IN (SELECT id FROM person WHERE balance > 150) RETURNING id
MERGE INTO note n USING person p ON n.id = p.id AND p.balance > 150 WHEN MATCHED THEN DELETE
MERGE INTO person p USING note n ON n.id = p.id WHEN MATCHED AND p.balance > 150 THEN UPDATE SET name = 'x'
MERGE INTO person p USING (VALUES (3)) v (id) ON p.id = v.id WHEN NOT MATCHED THEN INSERT (id, name) VALUES (3, 'x')
MERGE INTO person p USING note n ON n.id = p.id AND 1 / (p.balance - 199) > 0 WHEN MATCHED THEN UPDATE SET name = 'x'
MERGE INTO note n USING person p ON n.id = p.id WHEN NOT MATCHED AND p.balance > 150 THEN INSERT (id, text) VALUES (p.id + 500, 'x')
MERGE INTO note n USING person p ON n.id = p.id WHEN MATCHED THEN UPDATE SET text = p.email
WITH m AS (SELECT p FROM person p) SELECT (p).name, p::text FROM m ORDER BY 1
TRUNCATE person CASCADE
-- As the owner of the tables: definitions that read them.
CREATE UNIQUE INDEX ON person (email)
CREATE INDEX ON person ((1 / (balance - 199)))
CREATE INDEX ON person (id) WHERE 1 / (balance - 199) > 0
ALTER TABLE person ADD CHECK (balance < 200)
ALTER TABLE person ADD UNIQUE (name)
CREATE INDEX ON person ((1 / (balance - 3)))
ALTER TABLE person ADD CHECK (balance < 1000)
ALTER TABLE person ADD EXCLUDE USING btree (name WITH =)
ALTER TABLE person ALTER COLUMN balance SET NOT NULL
ALTER TABLE person ALTER COLUMN balance TYPE smallint
ALTER TABLE person ADD COLUMN extra integer DEFAULT 1 CHECK (balance < 1000)
ALTER TABLE person ADD COLUMN extra integer GENERATED ALWAYS AS (1 / (balance - 3)) STORED
ALTER TABLE person ADD PRIMARY KEY (email)
CREATE UNIQUE INDEX ON person (left(name, 3))
ALTER TABLE person ADD CHECK (balance < 200) NOT VALID
ALTER TABLE person ALTER COLUMN email SET NOT NULL
ALTER TABLE person ALTER COLUMN email TYPE integer USING email::integer
ALTER TABLE person ADD COLUMN extra text GENERATED ALWAYS AS (email || '') STORED
ALTER TABLE purchase ADD FOREIGN KEY (price) REFERENCES person (id)
ALTER TABLE note ADD FOREIGN KEY (id) REFERENCES person (id)
ALTER TABLE person RENAME COLUMN email TO left_us_too
ALTER TABLE person RENAME TO people
CREATE TABLE copy AS SELECT * FROM person
SELECT * INTO copy FROM person
CREATE VIEW v AS SELECT * FROM person
CREATE MATERIALIZED VIEW v AS SELECT * FROM person
CREATE TABLE child () INHERITS (person)
CREATE TABLE copy (LIKE person INCLUDING ALL)
CREATE STATISTICS s ON name, email FROM person
CREATE RULE r AS ON SELECT TO note DO INSTEAD SELECT id, email FROM person
CREATE RULE r AS ON UPDATE TO note DO ALSO UPDATE person SET balance = 1 / (balance - 199)
CREATE TRIGGER t BEFORE UPDATE ON person FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()
CREATE POLICY p ON person USING (tell(email))
CREATE FUNCTION peek() RETURNS SETOF person LANGUAGE sql AS 'SELECT * FROM person'
CREATE OR REPLACE FUNCTION tell(value anyelement) RETURNS boolean LANGUAGE sql AS 'SELECT count(*) > 5 FROM person'
CREATE AGGREGATE peek (text) (SFUNC = textcat, STYPE = text)
CREATE PUBLICATION p FOR TABLE person
COMMENT ON TABLE person IS 'x'
GRANT SELECT ON person TO PUBLIC
CLUSTER person USING person_pkey
REINDEX TABLE person
COPY person TO PROGRAM 'cat'
COPY person TO '/tmp/x'
COPY (DELETE FROM person RETURNING *) TO STDOUT
-- Ways around.
DO $$ BEGIN PERFORM 1 / (balance - 199) FROM person; END $$
DO $$ BEGIN IF (SELECT max(balance) FROM person) > 300 THEN CREATE TABLE t (a int); END IF; RAISE NOTICE 'x'; END $$
DO $$ BEGIN ALTER TABLE person ADD CONSTRAINT c CHECK (balance < 300); EXCEPTION WHEN check_violation THEN RAISE NOTICE 'some'; END $$
DO $$ BEGIN CREATE TABLE t (a int REFERENCES person); INSERT INTO t VALUES (3); EXCEPTION WHEN foreign_key_violation THEN RAISE NOTICE 'none'; END $$
CALL peek()
EXPLAIN (ANALYZE, COSTS OFF) SELECT 1 FROM person WHERE balance = 199
EXPLAIN UPDATE person SET name = 'x'
SELECT query_to_xml('TABLE person', true, true, ''), database_to_xml(true, true, '')
SELECT * FROM pg_stats WHERE tablename IN ('person', 'purchase')
SELECT stavalues1::text FROM pg_statistic
SELECT pg_get_indexdef('person_pkey'::regclass)
SELECT lo_import('/etc/hostname'), pg_read_file('PG_VERSION')
SELECT name, statement, is_holdable, is_binary FROM pg_cursors
SELECT query FROM pg_stat_activity WHERE pid = pg_backend_pid()
SELECT name, statement, parameter_types FROM pg_prepared_statements
SELECT currval('s'), pg_notify('x', (SELECT email FROM person WHERE id = 3))
SELECT set_config('a.b', (SELECT email FROM person WHERE id = 3), false)
SELECT nullif(set_config('a.b', 'x', false), 'x') FROM person
SET LOCAL ROLE postgres
SET LOCAL SESSION AUTHORIZATION postgres
SET LOCAL search_path = information_schema, public
PREPARE pe AS SELECT 1 FROM person WHERE balance = 199; EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) EXECUTE pe
SELECT id FROM person WHERE balance > 10 / (length('') + 0)
SELECT id FROM person WHERE id < 10 / length('') AND email = 'x'
SELECT id FROM person WHERE name = repeat('x', 3 / length('')) AND balance = 199
SELECT id FROM person WHERE id BETWEEN 1 AND 3 / length('')
SELECT id FROM person WHERE id BETWEEN 1 AND 9 / length('xxx')
SELECT a.id FROM person a JOIN person b ON b.id = a.id AND b.id > 3 / length('') WHERE a.balance = 199
SELECT (SELECT id FROM person WHERE id = 3 / length('') AND balance = p.balance) FROM person p
