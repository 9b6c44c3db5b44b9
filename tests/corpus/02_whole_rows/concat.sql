-- the row glued to a text
SELECT concat(p) FROM person p ORDER BY id
