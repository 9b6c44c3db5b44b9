-- what a backend does
SELECT pg_stat_get_backend_activity(b) FROM pg_stat_get_backend_idset() b WHERE pg_stat_get_backend_activity(b) LIKE 'SELECT id FROM note WHERE%' AND pg_stat_get_backend_dbid(b) = (SELECT oid FROM pg_database WHERE datname = current_database())
