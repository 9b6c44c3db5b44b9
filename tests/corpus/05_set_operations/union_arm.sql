-- the number in the second arm
SELECT id::text FROM person UNION ALL SELECT ssn FROM person ORDER BY 1
