-- whose note speaks of it
SELECT id FROM person WHERE to_tsvector('simple', notes) @@ 'zebras'::tsquery ORDER BY id
