-- a row made of a star
SELECT ROW(p.*)::text FROM person p ORDER BY id
