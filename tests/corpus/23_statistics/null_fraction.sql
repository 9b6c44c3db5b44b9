-- how many are unknown
SELECT attname, null_frac, n_distinct, avg_width FROM pg_stats WHERE tablename = 'person' ORDER BY 1
