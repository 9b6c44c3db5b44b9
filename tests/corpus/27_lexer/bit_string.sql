-- a string of bits beside it
SELECT B'01', X'1F', ssn FROM person ORDER BY id
