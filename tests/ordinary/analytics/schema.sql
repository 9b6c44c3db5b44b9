-- A wholesaler: the shapes of decision support over tables with people in them.
CREATE TABLE country (id integer PRIMARY KEY, name text NOT NULL, continent text NOT NULL);
CREATE TABLE customer (
    id integer PRIMARY KEY, name text NOT NULL, phone text NOT NULL, segment text NOT NULL,
    country_id integer NOT NULL REFERENCES country (id), balance numeric(12, 2) NOT NULL
);
CREATE TABLE supplier (
    id integer PRIMARY KEY, name text NOT NULL, country_id integer NOT NULL REFERENCES country (id),
    balance numeric(12, 2) NOT NULL, remark text
);
CREATE TABLE part (
    id integer PRIMARY KEY, name text NOT NULL, brand text NOT NULL, kind text NOT NULL,
    box text NOT NULL, size integer NOT NULL, price numeric(12, 2) NOT NULL
);
CREATE TABLE offer (
    part_id integer REFERENCES part (id), supplier_id integer REFERENCES supplier (id),
    available integer NOT NULL, cost numeric(12, 2) NOT NULL, PRIMARY KEY (part_id, supplier_id)
);
CREATE TABLE purchase (
    id integer PRIMARY KEY, customer_id integer NOT NULL REFERENCES customer (id),
    status text NOT NULL, placed date NOT NULL, priority text NOT NULL, note text
);
CREATE TABLE line (
    purchase_id integer REFERENCES purchase (id), no integer, customer_id integer NOT NULL,
    part_id integer NOT NULL, supplier_id integer NOT NULL, quantity integer NOT NULL,
    price numeric(12, 2) NOT NULL, discount numeric(4, 2) NOT NULL, tax numeric(4, 2) NOT NULL,
    flag text NOT NULL, shipped date NOT NULL, due date NOT NULL, received date NOT NULL,
    mode text NOT NULL, PRIMARY KEY (purchase_id, no)
);
CREATE TABLE choices (customer_id integer, purpose text, agreed boolean);
INSERT INTO country SELECT n, 'Country ' || n, (ARRAY['North', 'South', 'East', 'West'])[1 + n % 4]
FROM generate_series(1, 12) n;
INSERT INTO customer SELECT n, 'Customer ' || n, (10 + n % 30) || '-' || n,
       (ARRAY['garden', 'kitchen', 'street'])[1 + n % 3], 1 + n % 12, (n * 7919) % 10000 - 500
FROM generate_series(1, 90) n;
INSERT INTO supplier SELECT n, 'Supplier ' || n, 1 + n % 12, n * 100,
       CASE WHEN n % 5 = 0 THEN 'late complaints by customers' ELSE 'fine' END FROM generate_series(1, 20) n;
INSERT INTO part SELECT n, (ARRAY['green', 'red', 'blue'])[1 + n % 3] || ' thing ' || n, 'Brand ' || n % 5,
       (ARRAY['small brass', 'large steel', 'promo tin'])[1 + n % 3], (ARRAY['box', 'bag'])[1 + n % 2],
       1 + n % 50, 10 + n FROM generate_series(1, 60) n;
INSERT INTO offer SELECT p, 1 + (p * 3 + s * 7) % 20, 5 + (p * s) % 90, p + s FROM generate_series(1, 60) p,
       generate_series(0, 2) s;
INSERT INTO purchase SELECT n, 1 + (n * 13) % 90, (ARRAY['open', 'done', 'part'])[1 + n % 3],
       date '2024-01-01' + (n * 17) % 900, (1 + n % 5) || '-level',
       CASE WHEN n % 7 = 0 THEN 'special requests' END FROM generate_series(1, 400) n;
INSERT INTO line SELECT p.id, l, p.customer_id, 1 + (p.id * 5 + l * 11) % 60, 1 + (p.id + l) % 20, 1 + (p.id * l) % 50,
       100 + (p.id * l * 37) % 900, ((p.id + l) % 10) / 100.0, (l % 8) / 100.0, (ARRAY['A', 'N', 'R'])[1 + (p.id + l) % 3],
       p.placed + l * 9, p.placed + 30, p.placed + l * 11, (ARRAY['air', 'rail', 'ship', 'truck'])[1 + (p.id + l) % 4]
FROM purchase p, generate_series(1, 4) l WHERE (p.id + l) % 5 <> 0;
INSERT INTO choices SELECT n, 'study', n % 6 <> 0 FROM generate_series(1, 90) n WHERE n % 2 = 0;
ANALYZE;
