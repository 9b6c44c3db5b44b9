-- the number as another type
SELECT ssn::varchar(20), CAST(notes AS bytea) FROM person ORDER BY id
