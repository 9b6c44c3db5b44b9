-- The logins of rules/roles.yaml for the demo, all with one password, and what each may touch in
-- PostgreSQL's own terms. What it may use for which purpose is what the rules say.
CREATE ROLE shop_app LOGIN PASSWORD :'password';
CREATE ROLE support LOGIN PASSWORD :'password';
CREATE ROLE fraud_team LOGIN PASSWORD :'password';
CREATE ROLE analyst LOGIN PASSWORD :'password';
CREATE ROLE ads_engine LOGIN PASSWORD :'password';
CREATE ROLE survey_tool LOGIN PASSWORD :'password';
CREATE ROLE live_app LOGIN PASSWORD :'password';
CREATE ROLE backup_job LOGIN PASSWORD :'password';
CREATE ROLE bonus_club LOGIN PASSWORD :'password';
CREATE ROLE acme_courier LOGIN PASSWORD :'password';
CREATE ROLE legal_desk LOGIN PASSWORD :'password';

GRANT USAGE ON SCHEMA shop, live, partner TO PUBLIC;
GRANT SELECT ON ALL TABLES IN SCHEMA shop, live, partner TO
    shop_app, support, fraud_team, analyst, ads_engine, survey_tool, live_app, backup_job,
    bonus_club, acme_courier, legal_desk;
GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA shop TO shop_app;
GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA live TO live_app;

-- The proxy's own login: it reads the catalog and nothing else.
CREATE ROLE pgpurpose_catalog LOGIN PASSWORD :'password';
