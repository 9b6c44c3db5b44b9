-- a comment within a comment
SELECT /* /* */ id, -- */ ssn
ssn FROM person ORDER BY id
