-- in the order of the numbers
SELECT id FROM person ORDER BY ssn NULLS FIRST, id
