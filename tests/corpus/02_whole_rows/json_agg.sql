-- the rows as one JSON
SELECT json_agg(p ORDER BY id) FROM person p
