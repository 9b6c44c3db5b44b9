-- a field to sort by
SELECT id FROM person p ORDER BY (p).ssn, id
