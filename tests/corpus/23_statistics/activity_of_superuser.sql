-- what somebody else asks, as superuser
-- role: postgres
SELECT query FROM pg_catalog.pg_stat_activity WHERE query LIKE 'SELECT id FROM note WHERE%' AND datname = current_database() AND usename = 'town' ORDER BY backend_start LIMIT 1
