-- the number as a configuration
SELECT to_tsvector(ssn::regconfig, 'x') FROM person ORDER BY id
