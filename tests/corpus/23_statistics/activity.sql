-- what somebody else asks
SELECT query FROM pg_stat_activity WHERE query LIKE '%text = ''%' AND datname = current_database() AND pid <> pg_backend_pid()
