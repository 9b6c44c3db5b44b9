-- a note of a function
SELECT tell(ssn) FROM person ORDER BY id
