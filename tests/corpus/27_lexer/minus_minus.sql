-- a comment in place of two minus signs
SELECT 1 --1
, ssn FROM person ORDER BY id
