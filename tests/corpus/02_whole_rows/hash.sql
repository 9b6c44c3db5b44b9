-- a hash of the row
SELECT id, hash_record(p) FROM person p ORDER BY id
