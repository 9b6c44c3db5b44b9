-- People and what is held of them: chains of keys, a cycle, references within a table, retained
-- invoices, a composite key, partitions, a table without a foreign key.

CREATE TABLE person (
    id          bigint PRIMARY KEY,
    name        text NOT NULL,
    email       text UNIQUE,
    born        date,
    status      text NOT NULL DEFAULT 'active',
    referred_by bigint REFERENCES person,
    home        bigint
);
CREATE TABLE address (id bigint PRIMARY KEY, person_id bigint NOT NULL REFERENCES person, street text);
ALTER TABLE person ADD CONSTRAINT person_home FOREIGN KEY (home) REFERENCES address;
CREATE TABLE purchase (
    id        bigint PRIMARY KEY,
    person_id integer NOT NULL,
    item      text NOT NULL,
    amount    numeric NOT NULL,
    placed    timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (person_id) REFERENCES person
);
CREATE TABLE line (
    purchase_id bigint REFERENCES purchase,
    number      integer,
    text        text NOT NULL,
    PRIMARY KEY (purchase_id, number)
);
CREATE TABLE line_note (
    purchase_id bigint,
    number      integer,
    note        text,
    FOREIGN KEY (purchase_id, number) REFERENCES line
);
CREATE TABLE invoice (
    id          bigint PRIMARY KEY,
    purchase_id bigint NOT NULL REFERENCES purchase,
    issued      date NOT NULL,
    total       numeric NOT NULL,
    recipient   text NOT NULL,
    remark      text
);
CREATE TABLE message (
    id        bigint PRIMARY KEY,
    sender_id bigint NOT NULL REFERENCES person,
    reply_to  bigint REFERENCES message,
    body      text NOT NULL
);
CREATE TABLE visit (person_id bigint NOT NULL, day date NOT NULL, page text) PARTITION BY RANGE (day);
CREATE TABLE visit_old PARTITION OF visit FOR VALUES FROM (MINVALUE) TO ('2026-01-01');
CREATE TABLE visit_new PARTITION OF visit FOR VALUES FROM ('2026-01-01') TO (MAXVALUE);
CREATE TABLE choice (
    person_id bigint REFERENCES person, purpose text, choice boolean, PRIMARY KEY (person_id, purpose)
);
CREATE TABLE product (id bigint PRIMARY KEY, name text);

INSERT INTO person (id, name, email, born)
    SELECT n, 'Name' || n, 'mail' || n || '@example.org', date '1980-01-01' + n
    FROM generate_series(1, 50) AS n;
UPDATE person SET referred_by = 7 WHERE id IN (8, 9);
INSERT INTO address SELECT n, n, 'Street ' || n FROM generate_series(1, 50) AS n;
UPDATE person SET home = id;
INSERT INTO purchase SELECT n, 1 + n % 50, 'item' || n, n FROM generate_series(1, 200) AS n;
INSERT INTO line SELECT n, k, 'line' || n FROM generate_series(1, 200) AS n, generate_series(1, 2) AS k;
INSERT INTO line_note SELECT purchase_id, number, 'note' FROM line;
-- Person 7 has purchases 6, 56, 106, 156; of the first two there are invoices, one of them old.
INSERT INTO invoice VALUES
    (1, 6, current_date - 100, 6, 'Name7', 'private'), (2, 56, current_date - 5000, 56, 'Name7', 'private'),
    (3, 7, current_date, 7, 'Name8', 'private');
INSERT INTO message VALUES (1, 7, NULL, 'hello'), (2, 8, 1, 'answer'), (3, 7, 2, 'thanks');
INSERT INTO visit SELECT n, '2025-06-01', 'old' FROM generate_series(1, 50) AS n;
INSERT INTO visit SELECT n, '2026-06-01', 'new' FROM generate_series(1, 50) AS n;
INSERT INTO choice SELECT n, 'ads', n % 2 = 0 FROM generate_series(1, 50) AS n;
INSERT INTO product VALUES (1, 'tea');
