-- the bounds of a histogram
SELECT histogram_bounds::text FROM pg_catalog.pg_stats WHERE tablename = 'person' ORDER BY attname
