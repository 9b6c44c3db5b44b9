-- an arm that must turn numbers into integers
SELECT 1 UNION ALL SELECT ssn::integer FROM person WHERE id = 5
