-- how many rows were put in
SELECT pg_stat_get_tuples_inserted('contact_old'::regclass)
