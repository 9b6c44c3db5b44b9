-- the row in binary
SELECT record_send(p) FROM person p ORDER BY id
