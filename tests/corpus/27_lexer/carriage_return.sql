-- a comment that a carriage return ends
SELECT 1 -- x, ssn FROM person ORDER BY id
