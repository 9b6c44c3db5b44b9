-- how alike a number is to a guess
SELECT similarity(ssn, '078-05-1120'), show_trgm(notes) FROM person ORDER BY id
