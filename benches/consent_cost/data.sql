-- people, their orders (five each) and items (two an order), and what they chose: 60 % agreed to
-- marketing, 1 % refused analytics. The same rule as row-level security and as barrier views.
CREATE SCHEMA shop AUTHORIZATION bench;
SET ROLE bench;
SET synchronous_commit = off;
CREATE TABLE shop.users AS
SELECT i::bigint AS id, 'Person ' || i AS name, 'user' || i || '@example.com' AS email,
       'C' || i % 50 AS country, timestamptz '2020-01-01' + i * interval '1 minute' AS created_at
  FROM generate_series(1, :people) AS i;
ALTER TABLE shop.users ADD PRIMARY KEY (id);
CREATE UNIQUE INDEX ON shop.users (email);
CREATE TABLE shop.orders AS
SELECT i::bigint AS id, 1 + (i * 7919 % :people)::bigint AS user_id,
       (i % 10007) / 10.0 AS amount,
       timestamptz '2020-01-01' + i * interval '1000 days' / (5 * :people) AS created_at
  FROM generate_series(1, 5 * :people::bigint) AS i;
ALTER TABLE shop.orders ADD PRIMARY KEY (id);
CREATE INDEX ON shop.orders (user_id);
CREATE INDEX ON shop.orders (created_at);
CREATE TABLE shop.items AS
SELECT i::bigint AS id, 1 + i / 2 AS order_id, 'S' || i % (2 * :people / 200) AS sku,
       (i % 997) / 10.0 AS price
  FROM generate_series(0, 10 * :people::bigint - 1) AS i;
ALTER TABLE shop.items ADD PRIMARY KEY (id);
CREATE INDEX ON shop.items (order_id);
CREATE INDEX ON shop.items (sku);
CREATE TABLE shop.choices (user_id bigint NOT NULL, purpose text NOT NULL, choice boolean NOT NULL);
INSERT INTO shop.choices
SELECT i, 'marketing', i % 10 < 6 FROM generate_series(1, :people) AS i WHERE i % 10 < 7;
INSERT INTO shop.choices
SELECT i, 'analytics', false FROM generate_series(1, :people) AS i WHERE i % 100 = 3;
ALTER TABLE shop.choices ADD PRIMARY KEY (user_id, purpose);
CREATE INDEX ON shop.choices (purpose, user_id) INCLUDE (choice);

-- The two rules, once as barrier views and once as row-level security for a role of each purpose.
CREATE SCHEMA marketing;
CREATE VIEW marketing.users WITH (security_barrier) AS SELECT t.* FROM shop.users t
 WHERE EXISTS (SELECT FROM shop.choices c WHERE c.user_id = t.id AND c.purpose = 'marketing' AND c.choice);
CREATE VIEW marketing.orders WITH (security_barrier) AS SELECT t.* FROM shop.orders t
 WHERE EXISTS (SELECT FROM shop.choices c WHERE c.user_id = t.user_id AND c.purpose = 'marketing' AND c.choice);
CREATE SCHEMA analytics;
CREATE VIEW analytics.users WITH (security_barrier) AS SELECT t.* FROM shop.users t
 WHERE t.id IS NOT NULL AND NOT EXISTS
  (SELECT FROM shop.choices c WHERE c.user_id = t.id AND c.purpose = 'analytics' AND NOT c.choice);
CREATE VIEW analytics.orders WITH (security_barrier) AS SELECT t.* FROM shop.orders t
 WHERE t.user_id IS NOT NULL AND NOT EXISTS
  (SELECT FROM shop.choices c WHERE c.user_id = t.user_id AND c.purpose = 'analytics' AND NOT c.choice);
CREATE VIEW marketing.items WITH (security_barrier) AS SELECT t.* FROM shop.items t
 WHERE EXISTS (SELECT FROM shop.orders o JOIN shop.choices c ON c.user_id = o.user_id
  WHERE o.id = t.order_id AND c.purpose = 'marketing' AND c.choice);
CREATE VIEW analytics.items WITH (security_barrier) AS SELECT t.* FROM shop.items t
 WHERE EXISTS (SELECT FROM shop.orders o WHERE o.id = t.order_id AND o.user_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM shop.choices c
    WHERE c.user_id = o.user_id AND c.purpose = 'analytics' AND NOT c.choice));
RESET ROLE;
CREATE ROLE rls_marketing LOGIN PASSWORD 'invented';
CREATE ROLE rls_analytics LOGIN PASSWORD 'invented';
GRANT USAGE ON SCHEMA shop TO rls_marketing, rls_analytics;
GRANT SELECT ON ALL TABLES IN SCHEMA shop TO rls_marketing, rls_analytics;
CREATE POLICY marketing ON shop.users TO rls_marketing USING
 (EXISTS (SELECT FROM shop.choices c WHERE c.user_id = id AND c.purpose = 'marketing' AND c.choice));
CREATE POLICY marketing ON shop.orders TO rls_marketing USING
 (EXISTS (SELECT FROM shop.choices c
   WHERE c.user_id = orders.user_id AND c.purpose = 'marketing' AND c.choice));
CREATE POLICY analytics ON shop.users TO rls_analytics USING
 (id IS NOT NULL AND NOT EXISTS (SELECT FROM shop.choices c
   WHERE c.user_id = id AND c.purpose = 'analytics' AND NOT c.choice));
CREATE POLICY analytics ON shop.orders TO rls_analytics USING
 (user_id IS NOT NULL AND NOT EXISTS (SELECT FROM shop.choices c
   WHERE c.user_id = orders.user_id AND c.purpose = 'analytics' AND NOT c.choice));
CREATE POLICY through_orders ON shop.items USING
 (EXISTS (SELECT FROM shop.orders o WHERE o.id = order_id));
ALTER TABLE shop.users ENABLE ROW LEVEL SECURITY;
ALTER TABLE shop.orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE shop.items ENABLE ROW LEVEL SECURITY;
VACUUM ANALYZE;
