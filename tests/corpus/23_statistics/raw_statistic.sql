-- where statistics are kept
-- role: postgres
SELECT stavalues1::text FROM pg_statistic WHERE starelid = 'person'::regclass ORDER BY staattnum
