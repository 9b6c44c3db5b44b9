-- the row as one value
SELECT person FROM person ORDER BY id
