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
