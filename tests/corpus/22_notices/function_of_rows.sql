-- a note of a function for each row
SELECT tell(p) FROM person p ORDER BY id
