-- the first of a window
SELECT id, first_value(ssn) OVER (ORDER BY id), nth_value(notes, 2) OVER (ORDER BY id) FROM person ORDER BY id
