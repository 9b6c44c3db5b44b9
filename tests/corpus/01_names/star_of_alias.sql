-- every column, by a star
SELECT p.* FROM person p ORDER BY p.id
