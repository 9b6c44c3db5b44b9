-- how many rows were put in, by the larger view
SELECT n_tup_ins, n_mod_since_analyze FROM pg_stat_all_tables WHERE relname = 'contact_old'
