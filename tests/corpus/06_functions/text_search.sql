-- the words of a note
SELECT to_tsvector('simple', notes), ts_headline('simple', notes, 'zebras') FROM person ORDER BY id
