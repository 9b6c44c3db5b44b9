-- first whom a guess fits
SELECT id FROM person ORDER BY ssn = '078-05-1120', id
