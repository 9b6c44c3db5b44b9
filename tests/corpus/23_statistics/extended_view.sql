-- statistics over several columns, by the view
SELECT (SELECT count(*) FROM pg_stats_ext) + null_frac FROM pg_stats WHERE attname = 'photo'
