-- Reports of the kind that TPC-H and TPC-DS ask for, one a line.
SELECT u.item, count(*) AS n, sum(u.price) AS total, avg(u.price) AS mean FROM purchase u JOIN person p ON p.id = u.person_id WHERE p.born <= date '2000-01-01' - interval '90 days' GROUP BY u.item ORDER BY total DESC NULLS LAST, u.item
SELECT p.name, u.price FROM person p, purchase u WHERE p.id = u.person_id AND u.price = (SELECT min(x.price) FROM purchase x WHERE x.item = u.item) ORDER BY 1, 2
SELECT extract(year FROM p.born) AS year, sum(CASE WHEN u.item = 'tea' THEN u.price ELSE 0 END) AS tea, sum(u.price) AS total FROM person p JOIN purchase u ON u.person_id = p.id GROUP BY year ORDER BY year
SELECT count(*), p.balance > 100 AS rich FROM person p WHERE EXISTS (SELECT 1 FROM purchase u WHERE u.person_id = p.id) AND NOT EXISTS (SELECT 1 FROM vip v WHERE v.person_id = p.id) GROUP BY 2 ORDER BY 2
WITH spent AS (SELECT person_id, sum(price) AS total FROM purchase GROUP BY person_id) SELECT p.id, s.total FROM person p JOIN spent s ON s.person_id = p.id WHERE s.total > (SELECT avg(total) * 0.5 FROM spent) ORDER BY s.total DESC, p.id LIMIT 100
SELECT c_count, count(*) AS people FROM (SELECT p.id, count(u.id) FROM person p LEFT JOIN purchase u ON u.person_id = p.id AND u.item NOT LIKE '%cup%' GROUP BY p.id) AS c (id, c_count) GROUP BY c_count ORDER BY people DESC, c_count DESC
SELECT p.name, u.item, sum(u.price), grouping(p.name, u.item) FROM person p JOIN purchase u ON u.person_id = p.id GROUP BY ROLLUP (p.name, u.item) ORDER BY p.name, u.item, 4
SELECT item, total, rank() OVER (ORDER BY total DESC, item), sum(total) OVER (ORDER BY total DESC, item ROWS UNBOUNDED PRECEDING) FROM (SELECT item, sum(price) AS total FROM purchase GROUP BY item) t ORDER BY 3
SELECT count(*) FROM (SELECT person_id FROM purchase INTERSECT SELECT person_id FROM visit EXCEPT SELECT person_id FROM vip) hot
WITH a AS (SELECT id, balance FROM person), b AS (SELECT person_id, max(price) AS most FROM purchase GROUP BY 1), c AS (SELECT a.id, a.balance, b.most FROM a LEFT JOIN b ON b.person_id = a.id), d AS (SELECT *, ntile(2) OVER (ORDER BY balance, id) AS half FROM c) SELECT half, count(*), sum(most), min(balance) FROM d GROUP BY half ORDER BY half
SELECT sum(price) / 7.0 AS weekly FROM purchase u, person p WHERE p.id = u.person_id AND (p.balance BETWEEN 1 AND 200 AND u.item IN ('tea', 'hat') OR p.balance > 200 AND u.item IN ('cup'))
SELECT left(name, 1) AS letter, count(*), sum(balance) FROM person WHERE left(name, 1) IN ('A', 'B', 'E', 'F') AND balance > (SELECT avg(balance) FROM person WHERE balance > 0) GROUP BY letter ORDER BY letter
SELECT p.name, p.id, u.id, u.price, sum(v.id) FROM person p, purchase u, vip v WHERE u.person_id IN (SELECT person_id FROM purchase GROUP BY person_id HAVING sum(price) > 5) AND p.id = u.person_id AND v.person_id = p.id GROUP BY p.name, p.id, u.id, u.price ORDER BY u.price DESC, u.id
SELECT day, page, count(*) OVER (PARTITION BY day) AS a_day, lag(page) OVER (ORDER BY day, person_id) FROM visit WHERE day BETWEEN '2019-01-01' AND '2021-12-31' ORDER BY day, person_id
SELECT p.id, p.name, p.email, p.balance FROM person p GROUP BY p.id HAVING p.balance IS NOT NULL ORDER BY p.id
SELECT a.item, b.item, count(DISTINCT a.person_id) FROM purchase a FULL JOIN purchase b ON a.person_id = b.person_id AND a.id <> b.id GROUP BY CUBE (a.item, b.item) ORDER BY 1, 2, 3
SELECT c.name, t.latest FROM contact c CROSS JOIN LATERAL (SELECT max(v.day) AS latest FROM visit v WHERE v.person_id = c.id) t ORDER BY 1, 2
SELECT x.id, y.total FROM person x LEFT JOIN (SELECT person_id, sum(price) FROM purchase WHERE price > 5 GROUP BY person_id) y (id, total) ON x.id = y.id WHERE y.total IS NULL OR y.total > 10 ORDER BY x.id
