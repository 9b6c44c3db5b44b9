-- how many rows there are about
SELECT reltuples FROM pg_class WHERE relname = 'purchase'
