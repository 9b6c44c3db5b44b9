-- how many rows are alive
SELECT n_live_tup FROM pg_stat_user_tables WHERE relname = 'contact_old'
