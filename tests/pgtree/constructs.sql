-- One statement a line; at least one for every construct of the grammar that can be sent.
SELECT 1
SELECT
SELECT FROM shop.products
VALUES (1, 'a'), (2, NULL), (3, DEFAULT)
VALUES (1), (2) ORDER BY 1 LIMIT 1
TABLE shop.products
TABLE ONLY shop.products
TABLE shop.users
SELECT ALL id FROM shop.products
SELECT DISTINCT id, name FROM shop.products
SELECT DISTINCT ON (name, price) id FROM shop.products ORDER BY name, price DESC
SELECT id AS a, name b, price "Price", 1 "a""b" FROM shop.products
SELECT id AS select, name AS "from", 1 AS value, 2 AS user FROM shop.products
SELECT p.*, p.id, shop.products.id FROM shop.products p, shop.products
SELECT shop.products.* FROM shop.products
SELECT shop.users.* FROM shop.users
SELECT shop.users.id, shop.users.email FROM shop.users WHERE shop.users.id = 1
SELECT u.* FROM shop.users u
SELECT * FROM shop.users
SELECT * FROM users
SELECT u FROM shop.users u
SELECT (u).email FROM shop.users u
SELECT (u).* FROM shop.users u
SELECT u.email FROM shop.users AS u (id, name)
SELECT a, b FROM shop.users AS u (a, b, c)
SELECT id FROM shop.users *
SELECT id FROM ONLY shop.users
SELECT id FROM ONLY (shop.users)
SELECT u.id, o.item FROM shop.users u JOIN shop.orders o ON o.user_id = u.id
SELECT u.id, o.item FROM shop.users u LEFT JOIN shop.orders o ON o.user_id = u.id AND o.amount > 1
SELECT u.id, o.item FROM shop.users u RIGHT OUTER JOIN shop.orders o ON o.user_id = u.id
SELECT u.id, o.item FROM shop.users u FULL JOIN shop.orders o ON o.user_id = u.id
SELECT a.user_id FROM shop.wallets a CROSS JOIN shop.accounts b
SELECT user_id FROM shop.wallets JOIN shop.accounts USING (user_id)
SELECT user_id FROM shop.wallets INNER JOIN shop.accounts USING (user_id) JOIN live.viewers USING (user_id)
SELECT * FROM shop.products NATURAL JOIN shop.products q
SELECT j.user_id FROM (shop.wallets w JOIN shop.accounts a USING (user_id)) AS j
SELECT x.id FROM (shop.products a JOIN shop.products b ON a.id = b.id) JOIN shop.products x ON true
SELECT d.id FROM (SELECT id FROM shop.users) d
SELECT d.n FROM (SELECT id FROM shop.users) AS d (n)
SELECT d.x FROM (VALUES (1, 2), (3, 4)) AS d (x, y)
SELECT u.id, l.item FROM shop.users u, LATERAL (SELECT item FROM shop.orders o WHERE o.user_id = u.id) l
SELECT u.id FROM shop.users u LEFT JOIN LATERAL (SELECT 1 AS one) l ON true
SELECT g FROM generate_series(1, 3) g
SELECT g.n FROM generate_series(1, 3) AS g (n)
SELECT * FROM generate_series(1, 3) WITH ORDINALITY AS g (n, o)
SELECT * FROM ROWS FROM (generate_series(1, 3), generate_series(1, 2)) AS r (a, b)
SELECT * FROM json_to_recordset('[{"a":1}]') AS r (a int, b text)
SELECT unnest(ARRAY[1, 2]), u FROM unnest(ARRAY[3, 4]) u
SELECT id FROM shop.products TABLESAMPLE BERNOULLI (10) REPEATABLE (1)
SELECT id FROM shop.products WHERE id = 1 AND name = 'x' OR NOT price > 2
SELECT id FROM shop.products WHERE (id = 1 OR id = 2) AND (name = 'x' OR name = 'y')
SELECT id FROM shop.users WHERE id = 1 OR name = 'x'
SELECT id FROM shop.users WHERE phone = '1' OR email = 'a@example.org' AND status = 'active'
SELECT id FROM shop.products WHERE id IN (1, 2, 3) AND name NOT IN ('a', 'b')
SELECT id FROM shop.products WHERE id IN (SELECT user_id FROM shop.orders)
SELECT id FROM shop.products WHERE id = ANY (ARRAY[1, 2]) OR id <> ALL ('{1,2}'::bigint[])
SELECT id FROM shop.products WHERE id = ANY (SELECT user_id FROM shop.orders) OR id > SOME ($1)
SELECT id FROM shop.products WHERE id BETWEEN 1 AND 3 AND price NOT BETWEEN 1 AND 2
SELECT id FROM shop.products WHERE id BETWEEN SYMMETRIC 3 AND 1 OR id NOT BETWEEN ASYMMETRIC 1 AND 2
SELECT id FROM shop.products WHERE name LIKE 'a%' OR name ILIKE 'b_' OR name NOT LIKE 'c!%' ESCAPE '!'
SELECT id FROM shop.products WHERE name SIMILAR TO '(a|b)%' OR name NOT SIMILAR TO 'x' ESCAPE '\'
SELECT id FROM shop.products WHERE name ~ '^a' OR name !~* 'b$' OR name ~~ 'c' OR name !~~* 'd'
SELECT id FROM shop.products WHERE name IS NULL OR price IS NOT NULL OR name ISNULL OR price NOTNULL
SELECT id FROM shop.products WHERE (id = 1) IS TRUE OR (id = 2) IS NOT FALSE OR (id = 3) IS UNKNOWN
SELECT id FROM shop.products WHERE name IS DISTINCT FROM 'x' OR id IS NOT DISTINCT FROM NULL
SELECT id FROM shop.products WHERE name IS NORMALIZED OR name IS NOT NFC NORMALIZED
SELECT id FROM shop.products WHERE (id, name) = (1, 'x') OR ROW (id, name) < ROW (2, 'y')
SELECT id FROM shop.products WHERE (id, name) IN ((1, 'a'), (2, 'b'))
SELECT id FROM shop.products WHERE (id, name) IN (SELECT id, name FROM shop.products)
SELECT id FROM shop.products p WHERE EXISTS (SELECT 1 FROM shop.orders o WHERE o.user_id = p.id)
SELECT id FROM shop.products p WHERE NOT EXISTS (SELECT FROM shop.users u WHERE u.id = p.id)
SELECT (SELECT max(id) FROM shop.users), ARRAY(SELECT id FROM shop.products ORDER BY 1)
SELECT (SELECT ROW(1, 2)), (SELECT 1, 2)
SELECT -id, + id, - - id, -(-id), -2 ^ 2, (- 2) ^ 2, 2 ^ -1, @ -1, |/ 4, ||/ 8, ~ 1 FROM shop.products
SELECT 1 + 2 * 3 - 4 / 5 % 6 ^ 7, (1 + 2) * 3, 1 - (2 - 3), 1 - 2 - 3
SELECT 1 < 2, 1 <= 2, 1 >= 2, 1 > 2, 1 <> 2, 1 != 2, 1 = 1
SELECT 'a' || 'b' || 'c', 'a' || ('b' || 'c')
SELECT 1 & 2 | 3 # 4, 1 << 2 >> 1, ~1
SELECT '{"a":1}'::jsonb -> 'a', '{"a":1}'::jsonb ->> 'a', '{"a":{"b":1}}'::jsonb #> '{a,b}', '{"a":1}'::jsonb #>> '{a}'
SELECT '{"a":1}'::jsonb @> '{}', '{}'::jsonb <@ '{"a":1}', '{"a":1}'::jsonb ? 'a', '{"a":1}'::jsonb ?| ARRAY['a'], '{"a":1}'::jsonb ?& ARRAY['a'], '{"a":1}'::jsonb - 'a', '{"a":1}'::jsonb #- '{a}'
SELECT ARRAY[1] && ARRAY[2], ARRAY[1] || 2, ARRAY[1] @> ARRAY[1]
SELECT '1'::point <-> '2'::point, '1'::point ~= '1'::point
SELECT 1 OPERATOR(pg_catalog.+) 2 OPERATOR(pg_catalog.*) 3, 1 OPERATOR(pg_catalog.=) ANY (ARRAY[1])
SELECT a ~ b || c, x = y ~ z FROM (VALUES ('a', 'b', 'c', true, 'y', 'z')) v (a, b, c, x, y, z)
SELECT not true and false or true, not (true and false)
SELECT true <> -1 BETWEEN 1 AND 1
SELECT 1::text, '1'::int, CAST('1' AS integer), CAST(1 AS varchar(10)), '1'::numeric(10, 2), 1::pg_catalog.int8, '{1}'::int[], '{1}'::int[3], '{1}'::integer ARRAY, 'a'::"char", 'a'::character varying(3), 'x'::bpchar
SELECT 1::int::text::varchar, (1 + 2)::text, -1::int, (-1)::int, NOT true::boolean
SELECT date '2020-01-01', timestamp '2020-01-01 00:00', timestamptz '2020-01-01 00:00+00', timestamp with time zone '2020-01-01', time without time zone '00:00', time(3) with time zone '00:00+00'
SELECT interval '1 day', interval '1' day, interval '1-2' year to month, interval '1 2:03' day to minute, interval(2) '1.234', interval '1.234' second(2)
SELECT bool 't', int4 '1', numeric '1.5', text 'x', pg_catalog.text 'x', float8 '1', double precision '1', bit(3) '101', bit varying '1', decimal(3, 1) '1.5'
SELECT now() AT TIME ZONE 'UTC', now() AT TIME ZONE interval '1 hour', (now() AT TIME ZONE 'UTC')::date
SELECT name COLLATE "C", name COLLATE pg_catalog."default" FROM shop.products ORDER BY name COLLATE "C"
SELECT CASE WHEN id = 1 THEN 'a' WHEN id = 2 THEN 'b' ELSE 'c' END, CASE id WHEN 1 THEN 2 END FROM shop.products
SELECT coalesce(name, 'x'), nullif(id, 1), greatest(1, 2), least(1, 2) FROM shop.products
SELECT extract(year FROM now()), extract('epoch' FROM now()), date_part('year', now())
SELECT substring('abc' FROM 2), substring('abc' FROM 2 FOR 1), substring('abc' FOR 1), substring('abc', 2, 1), substring('abc' SIMILAR 'a' ESCAPE '#')
SELECT position('a' IN 'abc'), overlay('abc' PLACING 'x' FROM 2), overlay('abc' PLACING 'x' FROM 2 FOR 1)
SELECT trim('  a '), trim(BOTH 'x' FROM 'xax'), trim(LEADING FROM ' a'), trim(TRAILING 'x' FROM 'ax'), btrim('a')
SELECT current_date, current_time, current_time(2), current_timestamp, current_timestamp(3), localtime, localtimestamp(1), current_user, session_user, user, current_role, current_catalog, current_schema
SELECT normalize('x'), normalize('x', NFD), collation for ('a'), xmlforest(1 AS a), xmlelement(NAME a, 1)
SELECT ARRAY[1, 2], ARRAY[[1, 2], [3, 4]], ARRAY[]::int[], (ARRAY[1, 2])[1], (ARRAY[1, 2])[1:2], (ARRAY[1, 2])[:2], (ARRAY[1, 2])[1:]
SELECT ROW(1, 'a'), (1, 'a'), ROW(), (ROW(1, 2)).f1
SELECT count(*), count(DISTINCT id), sum(price) FILTER (WHERE price > 1), string_agg(name, ',' ORDER BY id DESC NULLS LAST), array_agg(DISTINCT name ORDER BY name) FROM shop.products
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY price), mode() WITHIN GROUP (ORDER BY name) FROM shop.products
SELECT name, count(*) FROM shop.products GROUP BY name HAVING count(*) > 1
SELECT name, price, count(*) FROM shop.products GROUP BY GROUPING SETS ((name), (price), ())
SELECT name, price, grouping(name, price) FROM shop.products GROUP BY ROLLUP (name, price)
SELECT name, price FROM shop.products GROUP BY CUBE (name, price)
SELECT name, price FROM shop.products GROUP BY ROLLUP (name), CUBE (price), id
SELECT name FROM shop.products GROUP BY GROUPING SETS (ROLLUP (name, price), name)
SELECT name FROM shop.products GROUP BY DISTINCT ROLLUP (name, price)
SELECT name FROM shop.products GROUP BY 1 ORDER BY 1
SELECT u.id, u.gender, count(o.id) FROM shop.users u LEFT JOIN shop.orders o ON o.user_id = u.id GROUP BY u.id
SELECT u.id, u.gender FROM shop.users u GROUP BY u.id ORDER BY u.status
SELECT rank() OVER (ORDER BY price), row_number() OVER (), sum(price) OVER (PARTITION BY name ORDER BY id) FROM shop.products
SELECT sum(price) OVER w, avg(price) OVER (w ROWS 1 PRECEDING) FROM shop.products WINDOW w AS (PARTITION BY name ORDER BY id)
SELECT sum(id) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), sum(id) OVER (ORDER BY id RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING), sum(id) OVER (ORDER BY id GROUPS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING EXCLUDE TIES) FROM shop.products
SELECT sum(id) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW), sum(id) OVER (ORDER BY id ROWS 2 PRECEDING EXCLUDE NO OTHERS), sum(id) OVER (ORDER BY id ROWS 2 PRECEDING EXCLUDE GROUP) FROM shop.products
SELECT sum(id) OVER (ORDER BY now() RANGE BETWEEN '1 day'::interval PRECEDING AND '10' FOLLOWING) FROM shop.products
SELECT lag(price, 1, 0) OVER (ORDER BY id), first_value(name) OVER (ORDER BY id), count(*) FILTER (WHERE id > 1) OVER () FROM shop.products
SELECT id FROM shop.products ORDER BY name ASC, price DESC NULLS FIRST, 1, id + 1 NULLS LAST
SELECT id FROM shop.products ORDER BY name USING <
SELECT id FROM shop.products LIMIT 10 OFFSET 5
SELECT id FROM shop.products OFFSET 5 ROWS FETCH FIRST 10 ROWS ONLY
SELECT id FROM shop.products ORDER BY id FETCH NEXT ROW ONLY
SELECT id FROM shop.products ORDER BY id FETCH FIRST 3 ROWS WITH TIES
SELECT id FROM shop.products ORDER BY id FETCH FIRST (1 + 2) ROWS WITH TIES
SELECT id FROM shop.products LIMIT ALL OFFSET $1
SELECT id FROM shop.products LIMIT (SELECT 1) OFFSET (SELECT count(*) FROM shop.products)
SELECT id FROM shop.products FOR UPDATE
SELECT id FROM shop.products p FOR NO KEY UPDATE OF p NOWAIT
SELECT id FROM shop.products FOR SHARE SKIP LOCKED
SELECT id FROM shop.products FOR KEY SHARE
SELECT id FROM shop.users FOR UPDATE
SELECT u.id FROM shop.users u JOIN shop.products p ON true FOR UPDATE OF p
SELECT 1 UNION SELECT 2
SELECT 1 UNION ALL SELECT 2 INTERSECT SELECT 3 EXCEPT ALL SELECT 4
(SELECT 1 UNION SELECT 2) INTERSECT ALL SELECT 3
SELECT id FROM shop.users UNION DISTINCT (SELECT id FROM shop.products ORDER BY id LIMIT 1) ORDER BY 1 LIMIT 2
(SELECT 1) UNION (SELECT 2) ORDER BY 1
((SELECT id FROM shop.products))
SELECT id, name FROM shop.users EXCEPT SELECT id, name FROM shop.products
WITH a AS (SELECT id FROM shop.users), b AS (SELECT id FROM a) SELECT a.id FROM a JOIN b USING (id)
WITH users AS (SELECT id FROM shop.users) SELECT id FROM users
WITH users AS (SELECT id FROM users) SELECT id FROM users
WITH RECURSIVE users AS (SELECT 1 AS id UNION ALL SELECT id + 1 FROM users WHERE id < 3) SELECT id FROM users
WITH RECURSIVE t (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT sum(n) FROM t
WITH RECURSIVE t AS (SELECT id, user_id FROM orders UNION SELECT o.id, o.user_id FROM orders o JOIN t ON t.id = o.user_id) SELECT * FROM t
WITH a AS MATERIALIZED (SELECT 1 AS x), b AS NOT MATERIALIZED (SELECT 2 AS x) SELECT * FROM a, b
WITH a AS (WITH b AS (SELECT id FROM users) SELECT id FROM b) SELECT a.id FROM a, products
WITH x AS (TABLE shop.users) SELECT * FROM x
SELECT * FROM (TABLE shop.users) s
WITH a AS (INSERT INTO shop.products (id, name, price) VALUES (1, 'a', 2) RETURNING id) SELECT id FROM a
WITH a AS (DELETE FROM shop.products WHERE id = 1 RETURNING *) SELECT count(*) FROM a
WITH a AS (UPDATE shop.products SET price = 1 RETURNING *) SELECT a.id FROM a
WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SEARCH DEPTH FIRST BY n SET o CYCLE n SET c USING p SELECT n FROM t
INSERT INTO shop.products VALUES (1, 'a', 2)
INSERT INTO shop.products (id, name, price) VALUES (1, 'a', 2), (2, 'b', DEFAULT)
INSERT INTO shop.products AS p (id, name, price) SELECT id, name, price FROM shop.products
INSERT INTO shop.products DEFAULT VALUES
INSERT INTO shop.products (id, name, price) OVERRIDING SYSTEM VALUE VALUES (1, 'a', 2)
INSERT INTO shop.products (id, name, price) VALUES (1, 'a', 2) ON CONFLICT DO NOTHING
INSERT INTO shop.products (id, name, price) VALUES (1, 'a', 2) ON CONFLICT (id) DO UPDATE SET name = excluded.name, price = products.price + 1 WHERE products.id > 0 RETURNING id, name AS n
INSERT INTO shop.products AS p (id, name, price) VALUES (1, 'a', 2) ON CONFLICT ON CONSTRAINT products_pkey DO UPDATE SET (name, price) = (excluded.name, excluded.price)
INSERT INTO shop.products (id, name, price) VALUES (1, 'a', 2) ON CONFLICT (id) WHERE id > 0 DO UPDATE SET name = DEFAULT
INSERT INTO shop.products (id, name, price) VALUES (1, 'a', 2) ON CONFLICT (lower(name)) DO NOTHING
INSERT INTO products (id, name, price) WITH w AS (SELECT 1 AS x) SELECT x, 'a', 2 FROM w RETURNING *
INSERT INTO shop.orders (id, user_id, item, amount) VALUES (1, 2, 'x', 3) RETURNING *
INSERT INTO shop.orders (id, user_id, item, amount) VALUES (1, 2, 'x', 3) ON CONFLICT (id) DO UPDATE SET item = excluded.item WHERE orders.amount > 1 RETURNING orders.item
UPDATE shop.products SET price = price * 1.1
UPDATE ONLY shop.products AS p SET name = 'x', price = DEFAULT WHERE p.id = 1 RETURNING p.*
UPDATE shop.products SET (name, price) = ('a', 1), id = 2 WHERE id = 3
UPDATE shop.products SET (name, price) = (SELECT name, price FROM shop.products LIMIT 1)
UPDATE shop.products p SET name = q.name FROM shop.products q WHERE q.id = p.id AND q.price > 1
UPDATE shop.users SET status = 'locked' WHERE id = 1 OR email = 'a@example.org'
UPDATE shop.users SET status = 'locked' WHERE id = 1 AND status = 'active' RETURNING id, email
UPDATE shop.users SET email = lower(email) WHERE id = 1 RETURNING *
UPDATE shop.orders o SET item = 'x' FROM shop.users u WHERE u.id = o.user_id AND u.status = 'active'
UPDATE shop.users SET status = 'x'
DELETE FROM shop.products
DELETE FROM ONLY shop.products AS p USING shop.orders o WHERE o.id = p.id RETURNING p.id
DELETE FROM shop.users WHERE id = 1 OR name = 'x' RETURNING id, name
DELETE FROM shop.orders USING shop.users WHERE orders.user_id = users.id AND users.name = 'x'
DELETE FROM shop.users WHERE CURRENT OF c
MERGE INTO shop.products p USING (VALUES (1, 'a')) v (id, name) ON v.id = p.id WHEN MATCHED AND p.price > 1 THEN UPDATE SET name = v.name WHEN NOT MATCHED THEN INSERT (id, name, price) VALUES (v.id, v.name, 1)
MERGE INTO shop.products p USING shop.products q ON p.id = q.id WHEN MATCHED THEN DELETE
MERGE INTO shop.products p USING shop.products q ON p.id = q.id WHEN MATCHED THEN DO NOTHING
MERGE INTO shop.users u USING shop.products q ON u.id = q.id WHEN MATCHED THEN UPDATE SET status = q.name
COPY shop.products TO STDOUT
COPY shop.products (id, name) TO STDOUT WITH (FORMAT csv, HEADER, DELIMITER ';', QUOTE '''')
COPY shop.users TO STDOUT
COPY shop.users (id, status) TO STDOUT (FORMAT binary)
COPY shop.products FROM STDIN
COPY shop.products (id, name, price) FROM STDIN WITH (FORMAT csv, NULL '', ESCAPE '\')
COPY (SELECT id FROM shop.products ORDER BY 1) TO STDOUT WITH CSV HEADER
COPY (SELECT id, status FROM shop.users) TO STDOUT
BEGIN
BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE
START TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ WRITE
COMMIT
COMMIT AND CHAIN
END
ROLLBACK
ABORT
SAVEPOINT a
RELEASE SAVEPOINT a
ROLLBACK TO SAVEPOINT a
SET TRANSACTION ISOLATION LEVEL READ COMMITTED
SET CONSTRAINTS ALL DEFERRED
SET statement_timeout = 1000
SET SESSION application_name TO 'x\y'
SET LOCAL TimeZone = 'UTC'
SET TIME ZONE INTERVAL '+01:00' HOUR TO MINUTE
SET search_path = shop, public
SET pgpurpose.purpose = 'ads'
SHOW statement_timeout
SHOW ALL
SHOW TIME ZONE
RESET statement_timeout
RESET ALL
DISCARD ALL
DEALLOCATE ALL
PREPARE p AS SELECT id FROM shop.users WHERE id = $1
PREPARE p (bigint, text) AS SELECT name FROM shop.products WHERE id = $1 AND name = $2
EXECUTE p (1, 'x')
DECLARE c CURSOR FOR SELECT id FROM shop.users
DECLARE c SCROLL CURSOR WITH HOLD FOR SELECT id FROM shop.products
FETCH FORWARD 10 FROM c
FETCH NEXT c
MOVE ALL IN c
CLOSE c
EXPLAIN SELECT id FROM shop.products
EXPLAIN (ANALYZE, BUFFERS, FORMAT json) SELECT id FROM shop.products
EXPLAIN VERBOSE UPDATE shop.products SET price = 1
LISTEN a
UNLISTEN *
LOCK TABLE shop.products IN SHARE MODE NOWAIT
VACUUM (ANALYZE, VERBOSE) shop.products
ANALYZE shop.products (id, name)
TRUNCATE shop.products RESTART IDENTITY CASCADE
CREATE TABLE t (a int PRIMARY KEY, b text DEFAULT 'x\y' CHECK (b <> 'z'), UNIQUE (a, b))
CREATE TEMPORARY TABLE t (a int) ON COMMIT DROP
CREATE INDEX i ON shop.products USING btree (name DESC NULLS LAST) WHERE price > 1
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON shop.products (lower(name))
CREATE VIEW v AS SELECT id FROM shop.products
CREATE TABLE t AS SELECT id FROM shop.products WITH NO DATA
SELECT id INTO t FROM shop.products
CREATE MATERIALIZED VIEW m AS SELECT id FROM shop.products
CREATE SEQUENCE s START 1 INCREMENT BY 2
CREATE TYPE mood AS ENUM ('a', 'b''c')
CREATE SCHEMA s
ALTER TABLE shop.products ADD COLUMN x integer NOT NULL DEFAULT 1, DROP COLUMN IF EXISTS y
ALTER TABLE shop.products RENAME COLUMN name TO title
COMMENT ON TABLE shop.products IS 'it''s'
GRANT SELECT ON shop.products TO PUBLIC
DROP TABLE IF EXISTS t CASCADE
SELECT 1; SELECT 2
BEGIN; SELECT id FROM shop.users; COMMIT
SELECT 1;;
;
SELECT E'a\'b\\c\n\x41\u0042\U00000043\101', 'a\b', 'a''b', $$a'b$$, $x$a$$b$x$, U&'\0061\+000062', B'101', X'1F'
SELECT 1, 1.5, .5, 1., 1e5, 1.5e-3, 12345678901234567890, 0.1e+2
SELECT $1, $2::text, $1 + $2
SELECT "id", "name" AS "Name", 1 AS "ä", 2 AS ä, 3 AS Ä FROM "shop"."products"
SELECT ID, Name FROM SHOP.Products
SELECT U&"id" FROM shop.products
SELECT 1 AS aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggggggggg
SELECT f.a FROM (SELECT 1 AS a) AS f WHERE f.a IS NOT NULL AND NOT f.a = 2
SELECT * FROM shop.products WHERE id = $1 AND (name = $2 OR $2 IS NULL)
SELECT lower(name), upper(name), length(name), md5(name), name::text FROM shop.users WHERE id = 1
SELECT json_build_object('id', id, 'n', name), jsonb_agg(to_jsonb(name)) FROM shop.products GROUP BY id, name
SELECT max(id) FROM shop.users u WHERE u.created_at > now() - interval '1 day' AND u.status = ANY ($1)
SELECT make_interval(days => 1), make_interval(days := 2)
SELECT concat(VARIADIC ARRAY['a', 'b']), format('%s', name) FROM shop.products
SELECT pg_catalog.lower('A'), "pg_catalog"."upper"('a')
SELECT xmin, ctid, tableoid::regclass FROM shop.products
SELECT c.relname, n.nspname FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', '') AND pg_catalog.pg_table_is_visible(c.oid) AND n.nspname !~ '^pg_toast' ORDER BY 1, 2
SELECT table_name FROM information_schema.tables WHERE table_schema = 'shop'
