-- the hidden value as the offset of a frame
SELECT id, count(*) OVER (ORDER BY id ROWS (SELECT length(ssn) FROM person WHERE id = 5) - 2 PRECEDING) FROM person ORDER BY id
