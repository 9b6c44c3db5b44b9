-- a name with a dollar in it
SELECT 1 AS a$b$, ssn FROM person ORDER BY id -- $b$
