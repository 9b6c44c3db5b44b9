-- the row as pairs
SELECT hstore(p) -> 'ssn' FROM person p ORDER BY id
