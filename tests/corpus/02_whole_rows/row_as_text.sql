-- the row as text
SELECT p::text FROM person p ORDER BY id
