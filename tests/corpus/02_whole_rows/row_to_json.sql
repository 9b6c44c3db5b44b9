-- the row as JSON
SELECT row_to_json(p) FROM person p ORDER BY id
