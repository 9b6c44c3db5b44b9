-- The tables of the shop that the rules in this directory speak of. For a real PostgreSQL and,
-- read as text, for checking the rules without a server.

CREATE SCHEMA shop;
CREATE SCHEMA live;
CREATE SCHEMA partner;

CREATE TABLE shop.users (
    id          bigint PRIMARY KEY,
    name        text NOT NULL,
    birth_date  date,
    gender      text,
    address     text,
    phone       varchar(20) UNIQUE,
    email       text UNIQUE,
    status      text NOT NULL DEFAULT 'active',
    created_at  timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE shop.users IS 'The people.';
COMMENT ON COLUMN shop.users.address IS 'Street, city, parted by commas, widest last.';
COMMENT ON COLUMN shop.users.status IS 'active, locked or cancelled';

CREATE TABLE shop.identity_docs (
    user_id        bigint NOT NULL REFERENCES shop.users (id),
    kind           text NOT NULL,
    number         text NOT NULL,
    face_template  bytea,
    PRIMARY KEY (user_id, kind)
);
COMMENT ON COLUMN shop.identity_docs.kind IS 'id_card, passport, driver_license or military_card';

CREATE TABLE shop.accounts (
    user_id          bigint PRIMARY KEY REFERENCES shop.users (id),
    login            varchar(64) NOT NULL UNIQUE,
    last_ip          inet,
    password_hash    text NOT NULL,
    security_answer  text
);

CREATE TABLE shop.products (
    id     bigint PRIMARY KEY,
    name   text NOT NULL,
    price  numeric(10, 2) NOT NULL
);

CREATE TABLE shop.orders (
    id         bigint PRIMARY KEY,
    user_id    bigint NOT NULL REFERENCES shop.users (id),
    item       text NOT NULL,
    amount     numeric(10, 2) NOT NULL,
    placed_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX orders_user_id ON shop.orders (user_id);

CREATE TABLE shop.wallets (
    user_id  bigint PRIMARY KEY REFERENCES shop.users (id),
    balance  numeric(12, 2) NOT NULL DEFAULT 0,
    coupons  integer NOT NULL DEFAULT 0
);

CREATE TABLE shop.privacy_choices (
    user_id      bigint NOT NULL REFERENCES shop.users (id),
    purpose      text NOT NULL,
    choice       boolean NOT NULL,
    by_guardian  boolean NOT NULL DEFAULT false,
    PRIMARY KEY (user_id, purpose)
);
COMMENT ON TABLE shop.privacy_choices IS 'What people agreed to (true) or refused (false).';

CREATE TABLE shop.policy_seen (
    user_id  bigint PRIMARY KEY REFERENCES shop.users (id),
    version  integer NOT NULL
);
COMMENT ON TABLE shop.policy_seen IS 'The newest version of the policy a person was told of.';

CREATE TABLE live.viewers (
    user_id     bigint PRIMARY KEY REFERENCES shop.users (id),
    nickname    text NOT NULL,
    gift_spend  numeric(10, 2) NOT NULL DEFAULT 0
);

CREATE TABLE partner.ad_clicks (
    id          bigint PRIMARY KEY,
    campaign    text NOT NULL,
    clicked_at  timestamptz NOT NULL DEFAULT now()
);
