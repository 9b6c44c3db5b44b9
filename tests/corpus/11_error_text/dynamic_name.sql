-- the number as a name of a relation
SELECT ssn::regclass FROM person ORDER BY id
