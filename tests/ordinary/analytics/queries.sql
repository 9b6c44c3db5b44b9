-- The constructs of decision-support benchmarks, written for this schema.

-- pricing summary
SELECT flag, mode, sum(quantity) AS q, sum(price * (1 - discount)) AS net, sum(price * (1 - discount) * (1 + tax)) AS gross, avg(quantity) AS a, count(*) FROM line WHERE shipped <= date '2026-03-01' - interval '90' day GROUP BY flag, mode ORDER BY flag, mode;

-- cheapest supplier: a correlated minimum
SELECT s.balance, s.name, c.name, p.id, s.remark FROM part p, supplier s, offer o, country c WHERE p.id = o.part_id AND s.id = o.supplier_id AND p.size < 30 AND p.kind LIKE '%brass' AND s.country_id = c.id AND o.cost = (SELECT min(o2.cost) FROM offer o2, supplier s2 WHERE p.id = o2.part_id AND s2.id = o2.supplier_id AND s2.country_id IN (SELECT id FROM country WHERE continent = 'North')) ORDER BY s.balance DESC, c.name, s.name, p.id LIMIT 100;

-- unshipped orders of a segment
SELECT l.purchase_id, sum(l.price * (1 - l.discount)) AS revenue, p.placed FROM customer c, purchase p, line l WHERE c.segment = 'garden' AND c.id = p.customer_id AND l.purchase_id = p.id AND p.placed < date '2025-06-15' AND l.shipped > date '2024-03-15' GROUP BY l.purchase_id, p.placed ORDER BY revenue DESC, p.placed, l.purchase_id LIMIT 10;

-- order priority: exists
SELECT priority, count(*) FROM purchase WHERE placed >= date '2024-07-01' AND placed < date '2024-07-01' + interval '3' month AND EXISTS (SELECT * FROM line WHERE line.purchase_id = purchase.id AND line.due < line.received) GROUP BY priority ORDER BY priority;

-- revenue inside a continent
SELECT n.name, sum(l.price * (1 - l.discount)) AS revenue FROM customer c, purchase p, line l, supplier s, country n WHERE c.id = p.customer_id AND l.purchase_id = p.id AND l.supplier_id = s.id AND c.country_id = s.country_id AND s.country_id = n.id AND n.continent = 'South' AND p.placed >= date '2024-01-01' GROUP BY n.name ORDER BY revenue DESC, n.name;

-- forecast: between on numbers
SELECT sum(price * discount) AS revenue FROM line WHERE shipped >= date '2024-01-01' AND shipped < date '2024-01-01' + interval '1' year AND discount BETWEEN 0.06 - 0.01 AND 0.06 + 0.01 AND quantity < 24;

-- volume between two countries: a derived table and extract
SELECT supp, cust, y, sum(volume) FROM (SELECT n1.name AS supp, n2.name AS cust, extract(year FROM l.shipped) AS y, l.price * (1 - l.discount) AS volume FROM supplier s, line l, purchase p, customer c, country n1, country n2 WHERE s.id = l.supplier_id AND p.id = l.purchase_id AND c.id = p.customer_id AND s.country_id = n1.id AND c.country_id = n2.id AND (n1.continent = 'North' AND n2.continent = 'South' OR n1.continent = 'South' AND n2.continent = 'North')) shipping GROUP BY supp, cust, y ORDER BY supp, cust, y;

-- market share: a case inside a sum
SELECT y, sum(CASE WHEN nation = 'Country 3' THEN volume ELSE 0 END) / sum(volume) AS share FROM (SELECT extract(year FROM p.placed) AS y, l.price * (1 - l.discount) AS volume, n2.name AS nation FROM part pt, supplier s, line l, purchase p, customer c, country n1, country n2 WHERE pt.id = l.part_id AND s.id = l.supplier_id AND l.purchase_id = p.id AND p.customer_id = c.id AND c.country_id = n1.id AND n1.continent = 'East' AND s.country_id = n2.id) x GROUP BY y ORDER BY y;

-- profit by part name
SELECT nation, y, sum(amount) FROM (SELECT n.name AS nation, extract(year FROM p.placed) AS y, l.price * (1 - l.discount) - o.cost * l.quantity AS amount FROM part pt, supplier s, line l, offer o, purchase p, country n WHERE s.id = l.supplier_id AND o.supplier_id = l.supplier_id AND o.part_id = l.part_id AND pt.id = l.part_id AND p.id = l.purchase_id AND s.country_id = n.id AND pt.name LIKE '%green%') profit GROUP BY nation, y ORDER BY nation, y DESC;

-- returned items: customers by lost revenue
SELECT c.id, c.name, sum(l.price * (1 - l.discount)) AS revenue, c.balance, n.name, c.phone FROM customer c, purchase p, line l, country n WHERE c.id = p.customer_id AND l.purchase_id = p.id AND l.flag = 'R' AND c.country_id = n.id GROUP BY c.id, c.name, c.balance, c.phone, n.name ORDER BY revenue DESC, c.id LIMIT 20;

-- important stock: a scalar sub-select in having
SELECT o.part_id, sum(o.cost * o.available) AS value FROM offer o, supplier s WHERE o.supplier_id = s.id GROUP BY o.part_id HAVING sum(o.cost * o.available) > (SELECT sum(cost * available) * 0.01 FROM offer) ORDER BY value DESC, o.part_id;

-- shipping modes
SELECT l.mode, sum(CASE WHEN p.priority = '1-level' OR p.priority = '2-level' THEN 1 ELSE 0 END) AS high, sum(CASE WHEN p.priority <> '1-level' AND p.priority <> '2-level' THEN 1 ELSE 0 END) AS low FROM purchase p, line l WHERE p.id = l.purchase_id AND l.mode IN ('air', 'ship') AND l.received < l.due GROUP BY l.mode ORDER BY l.mode;

-- customers by number of orders: an outer join with a condition
SELECT n, count(*) AS people FROM (SELECT c.id, count(p.id) FROM customer c LEFT OUTER JOIN purchase p ON c.id = p.customer_id AND p.note NOT LIKE '%special%requests%' GROUP BY c.id) AS counts (id, n) GROUP BY n ORDER BY people DESC, n DESC;

-- promotions
SELECT 100.00 * sum(CASE WHEN pt.kind LIKE 'promo%' THEN l.price * (1 - l.discount) ELSE 0 END) / nullif(sum(l.price * (1 - l.discount)), 0) FROM line l, part pt WHERE l.part_id = pt.id AND l.shipped >= date '2024-09-01';

-- best supplier: a common table expression used twice
WITH revenue (supplier, total) AS (SELECT supplier_id, sum(price * (1 - discount)) FROM line WHERE shipped >= date '2024-01-01' GROUP BY supplier_id) SELECT s.id, s.name, r.total FROM supplier s, revenue r WHERE s.id = r.supplier AND r.total = (SELECT max(total) FROM revenue) ORDER BY s.id;

-- suppliers of parts: not in
SELECT pt.brand, pt.kind, pt.size, count(DISTINCT o.supplier_id) AS n FROM offer o, part pt WHERE pt.id = o.part_id AND pt.brand <> 'Brand 4' AND pt.kind NOT LIKE 'promo%' AND pt.size IN (9, 14, 23, 45, 19, 3, 36, 49) AND o.supplier_id NOT IN (SELECT id FROM supplier WHERE remark LIKE '%complaints%') GROUP BY pt.brand, pt.kind, pt.size ORDER BY n DESC, pt.brand, pt.kind, pt.size;

-- small quantities: a correlated average
SELECT sum(l.price) / 7.0 FROM line l, part pt WHERE pt.id = l.part_id AND pt.box = 'box' AND l.quantity < (SELECT 0.5 * avg(quantity) FROM line WHERE part_id = pt.id);

-- large orders: a grouped sub-select
SELECT c.name, c.id, p.id, p.placed, sum(l.quantity) FROM customer c, purchase p, line l WHERE p.id IN (SELECT purchase_id FROM line GROUP BY purchase_id HAVING sum(quantity) > 90) AND c.id = p.customer_id AND p.id = l.purchase_id GROUP BY c.name, c.id, p.id, p.placed ORDER BY p.placed, p.id LIMIT 100;

-- discounted revenue: a disjunction of conjunctions
SELECT sum(l.price * (1 - l.discount)) FROM line l, part pt WHERE (pt.id = l.part_id AND pt.brand = 'Brand 1' AND l.quantity BETWEEN 1 AND 21 AND pt.size BETWEEN 1 AND 25) OR (pt.id = l.part_id AND pt.brand = 'Brand 2' AND l.quantity >= 10 AND l.mode IN ('air', 'rail'));

-- potential suppliers: nested in
SELECT s.name FROM supplier s WHERE s.id IN (SELECT o.supplier_id FROM offer o WHERE o.part_id IN (SELECT id FROM part WHERE name LIKE 'green%') AND o.available > (SELECT 0.05 * sum(quantity) FROM line l WHERE l.part_id = o.part_id AND l.supplier_id = o.supplier_id)) ORDER BY s.name;

-- waiting suppliers: exists and not exists over the same table
SELECT s.name, count(*) AS waits FROM supplier s, line l1, purchase p WHERE s.id = l1.supplier_id AND p.id = l1.purchase_id AND p.status = 'done' AND l1.received > l1.due AND EXISTS (SELECT * FROM line l2 WHERE l2.purchase_id = l1.purchase_id AND l2.supplier_id <> l1.supplier_id) AND NOT EXISTS (SELECT * FROM line l3 WHERE l3.purchase_id = l1.purchase_id AND l3.supplier_id <> l1.supplier_id AND l3.received > l3.due) GROUP BY s.name ORDER BY waits DESC, s.name;

-- sales opportunity: substring and an anti-join
SELECT prefix, count(*), sum(balance) FROM (SELECT substring(phone FROM 1 FOR 2) AS prefix, balance FROM customer c WHERE substring(phone FROM 1 FOR 2) IN ('13', '31', '23', '29', '30', '18', '17') AND balance > (SELECT avg(balance) FROM customer WHERE balance > 0.00) AND NOT EXISTS (SELECT * FROM purchase p WHERE p.customer_id = c.id AND p.priority = '3-level')) x GROUP BY prefix ORDER BY prefix;

-- rollup with grouping()
SELECT c.segment, n.continent, grouping(c.segment, n.continent), count(*), sum(c.balance) FROM customer c JOIN country n ON n.id = c.country_id GROUP BY ROLLUP (c.segment, n.continent) ORDER BY 1 NULLS LAST, 2 NULLS LAST;

-- cube
SELECT flag, mode, sum(quantity) FROM line GROUP BY CUBE (flag, mode) ORDER BY 1 NULLS FIRST, 2 NULLS FIRST;

-- grouping sets, one of them empty
SELECT status, priority, count(*) FROM purchase GROUP BY GROUPING SETS ((status, priority), (status), ()) ORDER BY 1 NULLS LAST, 2 NULLS LAST;

-- a rollup inside grouping sets
SELECT status, priority, extract(year FROM placed) AS y, count(*) FROM purchase GROUP BY GROUPING SETS (ROLLUP (status, priority), (extract(year FROM placed))) ORDER BY 1, 2, 3, 4;

-- ranking inside a rollup
SELECT sum(l.price) AS total, pt.kind, pt.brand, rank() OVER (PARTITION BY grouping(pt.kind) + grouping(pt.brand) ORDER BY sum(l.price) DESC) AS place FROM line l JOIN part pt ON pt.id = l.part_id GROUP BY ROLLUP (pt.kind, pt.brand) ORDER BY total DESC, place;

-- a running total and a moving average
SELECT id, customer_id, placed, sum(id) OVER (PARTITION BY customer_id ORDER BY placed, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), avg(id) OVER w FROM purchase WINDOW w AS (PARTITION BY customer_id ORDER BY placed, id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) ORDER BY id;

-- a range frame, groups and exclusion
SELECT id, count(*) OVER (ORDER BY placed RANGE BETWEEN '10 days' PRECEDING AND '10 days' FOLLOWING), sum(id) OVER (ORDER BY placed GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM purchase ORDER BY id;

-- lag, lead, ntile, first and nth value
SELECT id, lag(placed) OVER w, lead(placed, 2, date '2030-01-01') OVER w, ntile(4) OVER w, first_value(id) OVER w, nth_value(id, 2) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING), percent_rank() OVER w, cume_dist() OVER w FROM purchase WINDOW w AS (PARTITION BY customer_id ORDER BY id) ORDER BY id;

-- year over year: a self-join of a common table expression with a window
WITH v1 AS (SELECT pt.brand, extract(year FROM p.placed) AS y, extract(month FROM p.placed) AS m, sum(l.price) AS sales, avg(sum(l.price)) OVER (PARTITION BY pt.brand, extract(year FROM p.placed)) AS mean, rank() OVER (PARTITION BY pt.brand ORDER BY extract(year FROM p.placed), extract(month FROM p.placed)) AS rn FROM part pt, line l, purchase p WHERE pt.id = l.part_id AND l.purchase_id = p.id GROUP BY pt.brand, extract(year FROM p.placed), extract(month FROM p.placed)), v2 AS (SELECT v1.*, before.sales AS psum, after.sales AS nsum FROM v1, v1 before, v1 after WHERE v1.brand = before.brand AND v1.brand = after.brand AND v1.rn = before.rn + 1 AND v1.rn = after.rn - 1) SELECT * FROM v2 WHERE mean > 0 AND abs(sales - mean) / mean > 0.1 ORDER BY sales - mean, brand, y, m LIMIT 100;

-- customers whose purchases grew: one cte, four aliases
WITH totals AS (SELECT c.id, c.name, extract(year FROM p.placed) AS y, sum(l.price) AS total FROM customer c JOIN purchase p ON p.customer_id = c.id JOIN line l ON l.purchase_id = p.id GROUP BY c.id, c.name, extract(year FROM p.placed)) SELECT a.id, a.name FROM totals a, totals b WHERE a.id = b.id AND a.y = 2024 AND b.y = 2025 AND a.total > 0 AND b.total / a.total > 1 ORDER BY a.id;

-- cross-channel: intersect
SELECT count(*) FROM (SELECT DISTINCT c.name, p.placed FROM purchase p JOIN customer c ON c.id = p.customer_id WHERE p.status = 'open' INTERSECT SELECT DISTINCT c.name, p.placed FROM purchase p JOIN customer c ON c.id = p.customer_id WHERE p.priority = '2-level') hot;

-- except, twice
SELECT customer_id FROM purchase WHERE status = 'open' EXCEPT SELECT customer_id FROM purchase WHERE status = 'part' EXCEPT (SELECT id FROM customer WHERE segment = 'street') ORDER BY customer_id;

-- union all of three channels under a rollup
SELECT channel, id, sum(sales) FROM (SELECT 'a' AS channel, customer_id AS id, price AS sales FROM line WHERE mode = 'air' UNION ALL SELECT 'r', customer_id, price FROM line WHERE mode = 'rail' UNION ALL SELECT 's', customer_id, price * -1 FROM line WHERE mode = 'ship') x GROUP BY ROLLUP (channel, id) ORDER BY channel NULLS LAST, id NULLS LAST LIMIT 100;

-- many scalar sub-selects
SELECT CASE WHEN (SELECT count(*) FROM line WHERE quantity BETWEEN 1 AND 20) > 100 THEN (SELECT avg(discount) FROM line WHERE quantity BETWEEN 1 AND 20) ELSE (SELECT avg(tax) FROM line WHERE quantity BETWEEN 1 AND 20) END AS bucket1, CASE WHEN (SELECT count(*) FROM line WHERE quantity BETWEEN 21 AND 40) > 100 THEN (SELECT avg(discount) FROM line WHERE quantity BETWEEN 21 AND 40) ELSE (SELECT avg(tax) FROM line WHERE quantity BETWEEN 21 AND 40) END AS bucket2 FROM country WHERE id = 1;

-- many derived tables side by side
SELECT * FROM (SELECT avg(price) AS a1, count(price) AS c1, count(DISTINCT price) AS d1 FROM line WHERE quantity BETWEEN 0 AND 5) b1, (SELECT avg(price) AS a2, count(price) AS c2, count(DISTINCT price) AS d2 FROM line WHERE quantity BETWEEN 6 AND 10) b2, (SELECT avg(price) AS a3, count(price) AS c3, count(DISTINCT price) AS d3 FROM line WHERE quantity BETWEEN 11 AND 15) b3 LIMIT 100;

-- filters and ordered sets
SELECT segment, count(*) FILTER (WHERE balance < 0) AS debtors, percentile_cont(0.5) WITHIN GROUP (ORDER BY balance) AS median, percentile_disc(ARRAY[0.25, 0.75]) WITHIN GROUP (ORDER BY balance), mode() WITHIN GROUP (ORDER BY country_id), stddev_samp(balance), string_agg(id::text, ',' ORDER BY id DESC) FROM customer GROUP BY segment ORDER BY segment;

-- distinct on
SELECT DISTINCT ON (customer_id) customer_id, id, placed FROM purchase ORDER BY customer_id, placed DESC, id;

-- a full join with coalesce
SELECT coalesce(a.customer_id, b.customer_id) AS c, a.n, b.n FROM (SELECT customer_id, count(*) AS n FROM purchase WHERE status = 'open' GROUP BY customer_id) a FULL OUTER JOIN (SELECT customer_id, count(*) AS n FROM purchase WHERE status = 'done' GROUP BY customer_id) b ON a.customer_id = b.customer_id ORDER BY 1;

-- a full join by using
SELECT customer_id, o.n, d.n FROM (SELECT customer_id, count(*) AS n FROM purchase GROUP BY 1) o FULL JOIN (SELECT customer_id, sum(quantity) AS n FROM line GROUP BY 1) d USING (customer_id) ORDER BY customer_id;

-- top three of each: lateral
SELECT c.id, c.name, top.id, top.placed FROM customer c CROSS JOIN LATERAL (SELECT p.id, p.placed FROM purchase p WHERE p.customer_id = c.id ORDER BY p.placed DESC, p.id LIMIT 3) top ORDER BY c.id, top.placed DESC, top.id;

-- a lateral outer join over an aggregate
SELECT c.id, s.n FROM customer c LEFT JOIN LATERAL (SELECT count(*) AS n, max(l.price) AS most FROM line l WHERE l.customer_id = c.id HAVING count(*) > 3) s ON true WHERE c.segment = 'kitchen' ORDER BY c.id;

-- an inventory: a pivot by month
SELECT part_id, sum(CASE WHEN extract(month FROM shipped) = 1 THEN quantity END) AS jan, sum(CASE WHEN extract(month FROM shipped) = 2 THEN quantity END) AS feb, sum(CASE WHEN extract(month FROM shipped) = 3 THEN quantity END) AS mar FROM line GROUP BY part_id ORDER BY part_id;

-- many common table expressions, one recursive
WITH RECURSIVE months (first) AS (SELECT date '2024-01-01' UNION ALL SELECT (first + interval '1 month')::date FROM months WHERE first < date '2024-12-01'), sales AS (SELECT date_trunc('month', p.placed)::date AS first, sum(l.price) AS total FROM purchase p JOIN line l ON l.purchase_id = p.id GROUP BY 1), best AS MATERIALIZED (SELECT max(total) AS most FROM sales), joined AS NOT MATERIALIZED (SELECT m.first, coalesce(s.total, 0) AS total FROM months m LEFT JOIN sales s USING (first)) SELECT j.first, j.total, j.total / b.most AS ratio, sum(j.total) OVER (ORDER BY j.first) FROM joined j CROSS JOIN best b ORDER BY j.first;

-- any, all, and a row comparison
SELECT id FROM customer WHERE balance >= ALL (SELECT balance FROM customer WHERE segment = 'garden') OR (country_id, segment) IN (SELECT 3, 'street') OR id = ANY (ARRAY[1, 2, 3]) ORDER BY id;

-- ratios over a window of sums
SELECT pt.kind, sum(l.price) AS revenue, sum(l.price) * 100 / sum(sum(l.price)) OVER (PARTITION BY pt.box) AS ratio FROM line l, part pt WHERE l.part_id = pt.id GROUP BY pt.kind, pt.box ORDER BY pt.kind, ratio;

-- having with a sub-select over the same groups
SELECT p.customer_id, count(*) FROM purchase p GROUP BY p.customer_id HAVING count(*) > (SELECT avg(n) FROM (SELECT count(*) AS n FROM purchase GROUP BY customer_id) x) ORDER BY 1;

-- grouped by the primary key alone
SELECT c.id, c.name, c.segment, count(p.id) FROM customer c LEFT JOIN purchase p ON p.customer_id = c.id GROUP BY c.id ORDER BY c.id;

-- limit with ties, offset
SELECT segment, balance FROM customer ORDER BY segment FETCH FIRST 5 ROWS WITH TIES;
