-- the number in small letters
SELECT lower(ssn) FROM person ORDER BY id
