-- whether any field of a row is unknown
SELECT id FROM person p WHERE p IS NOT NULL ORDER BY id
