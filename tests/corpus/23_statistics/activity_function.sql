-- what somebody else asks, by the function
SELECT query FROM pg_stat_get_activity(NULL) WHERE query LIKE 'SELECT id FROM note WHERE text%' AND datid = (SELECT oid FROM pg_database WHERE datname = current_database())
