-- A small shop, as the programs under test find it.
CREATE TYPE order_status AS ENUM ('open', 'paid', 'sent');
CREATE DOMAIN postcode AS text CHECK (value ~ '^[0-9]{5}$');
CREATE TABLE users (
    id serial PRIMARY KEY, name text NOT NULL, email varchar(120) UNIQUE, phone varchar(20),
    birth_date date, zip postcode, active boolean NOT NULL DEFAULT true,
    profile jsonb DEFAULT '{}', created_at timestamptz NOT NULL DEFAULT '2026-01-02 03:04:05+00'
);
COMMENT ON TABLE users IS 'who buys';
COMMENT ON COLUMN users.email IS 'one a person';
CREATE TABLE products (
    id serial PRIMARY KEY, title text NOT NULL, price numeric(10, 2) NOT NULL CHECK (price >= 0)
);
CREATE TABLE orders (
    id serial PRIMARY KEY, user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    status order_status NOT NULL DEFAULT 'open', total numeric(10, 2) NOT NULL DEFAULT 0,
    placed_at timestamp NOT NULL DEFAULT '2026-02-03 04:05:06'
);
CREATE INDEX orders_user ON orders (user_id);
CREATE INDEX orders_open ON orders (placed_at DESC) WHERE status = 'open';
CREATE TABLE order_items (
    order_id integer NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    line integer NOT NULL, product_id integer NOT NULL REFERENCES products (id),
    quantity integer NOT NULL DEFAULT 1, PRIMARY KEY (order_id, line)
);
CREATE TABLE reviews (
    id serial PRIMARY KEY, user_id integer NOT NULL REFERENCES users (id),
    product_id integer NOT NULL REFERENCES products (id), stars smallint NOT NULL, body text
);
CREATE VIEW cheap AS SELECT id, title FROM products WHERE price < 20;
CREATE MATERIALIZED VIEW product_stats AS
    SELECT product_id, count(*) AS sold FROM order_items GROUP BY product_id;
CREATE SEQUENCE ticket_numbers;
CREATE FUNCTION vat(price numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT price * 0.19';
CREATE TABLE events (at date NOT NULL, kind text) PARTITION BY RANGE (at);
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TRIGGER products_touch BEFORE UPDATE ON products FOR EACH ROW EXECUTE FUNCTION touch();
INSERT INTO users (name, email, phone, birth_date, zip)
SELECT 'User ' || n, 'user' || n || '@example.org', '+49 30 ' || 100000 + n,
       date '1960-01-01' + n * 300, lpad((n * 37)::text, 5, '0') FROM generate_series(1, 60) n;
INSERT INTO products (title, price) SELECT 'Product ' || n, n * 2.5 FROM generate_series(1, 20) n;
INSERT INTO orders (user_id, total, status)
SELECT 1 + n % 60, n * 3.2, (ARRAY['open', 'paid', 'sent'])[1 + n % 3]::order_status
FROM generate_series(1, 200) n;
INSERT INTO order_items SELECT 1 + n % 200, n / 200, 1 + n % 20, 1 + n % 3 FROM generate_series(1, 500) n;
INSERT INTO reviews (user_id, product_id, stars, body)
SELECT 1 + n % 60, 1 + n % 20, 1 + n % 5, 'Review ' || n FROM generate_series(1, 100) n;
INSERT INTO events SELECT date '2026-01-01' + n, 'kind ' || n % 3 FROM generate_series(1, 50) n;
