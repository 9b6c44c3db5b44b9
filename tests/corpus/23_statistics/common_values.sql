-- the most frequent values
SELECT attname, most_common_vals::text FROM pg_stats WHERE tablename = 'person' ORDER BY 1
