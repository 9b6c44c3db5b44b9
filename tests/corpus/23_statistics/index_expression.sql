-- the statistics of an index
SELECT histogram_bounds::text, most_common_vals::text FROM pg_stats WHERE tablename = 'person_ssn'
