-- the purpose in a comment to the end of the line
-- purpose: serve
SELECT ssn FROM person ORDER BY id
