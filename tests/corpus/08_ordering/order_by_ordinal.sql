-- in the order of a column in its place
SELECT ssn, id FROM person ORDER BY 1, 2
