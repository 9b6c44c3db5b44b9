-- the row in a text
SELECT format('%s', p) FROM person p ORDER BY id
