-- a field in a condition
SELECT id FROM person p WHERE (p).ssn LIKE '078%' ORDER BY id
