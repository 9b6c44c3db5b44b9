-- how many rows there are about, by a join
SELECT c.reltuples, n.nspname FROM pg_catalog.pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = 'public.visit_2024'::regclass
