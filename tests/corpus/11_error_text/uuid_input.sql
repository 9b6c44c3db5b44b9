-- the number as a UUID
SELECT ssn::uuid FROM person ORDER BY id
