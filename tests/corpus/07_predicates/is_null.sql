-- whose note is unknown
SELECT id FROM person WHERE notes IS NULL ORDER BY id
