-- by an operator
SELECT id FROM person ORDER BY ssn USING >, id
