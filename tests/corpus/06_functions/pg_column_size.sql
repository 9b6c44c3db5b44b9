-- the size of what is hidden
SELECT pg_column_size(notes), pg_column_size(p) FROM person p ORDER BY id
