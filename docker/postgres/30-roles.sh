#!/bin/sh
# The logins of the shop: one for each application, and the proxy's own. Run once, by the image's
# entry point, when the database is made.
set -eu

psql -v ON_ERROR_STOP=1 -v password="$SHOP_PASSWORD" -U "$POSTGRES_USER" -d "$POSTGRES_DB" <<'SQL'
-- Reads names and types, and needs no right on any table.
CREATE ROLE pgpurpose_catalog LOGIN PASSWORD :'password' CONNECTION LIMIT 5;

-- What is open to each is said in rules/roles.yaml; the server only knows that they may read.
CREATE ROLE shop_reader NOLOGIN;
GRANT USAGE ON SCHEMA shop, live, partner TO shop_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA shop, live, partner TO shop_reader;

CREATE ROLE shop_app LOGIN PASSWORD :'password' IN ROLE shop_reader;
GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA shop TO shop_app;
REVOKE INSERT, UPDATE, DELETE ON shop.privacy_choices, shop.policy_seen FROM shop_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA shop TO shop_app;

CREATE ROLE support LOGIN PASSWORD :'password' IN ROLE shop_reader;
CREATE ROLE fraud_team LOGIN PASSWORD :'password' IN ROLE shop_reader;
CREATE ROLE analyst LOGIN PASSWORD :'password' IN ROLE shop_reader;
CREATE ROLE ads_engine LOGIN PASSWORD :'password' IN ROLE shop_reader;
CREATE ROLE survey_tool LOGIN PASSWORD :'password' IN ROLE shop_reader;
CREATE ROLE live_app LOGIN PASSWORD :'password' IN ROLE shop_reader;
CREATE ROLE acme_courier LOGIN PASSWORD :'password' IN ROLE shop_reader;
SQL
