-- all of them in one
SELECT string_agg(ssn, ',' ORDER BY id) FROM person
