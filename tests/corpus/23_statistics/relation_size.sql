-- how large a table is
SELECT pg_relation_size('person_ssn'), pg_table_size('contact_old') > 0, reltuples FROM pg_class WHERE relname = 'contact_old'
