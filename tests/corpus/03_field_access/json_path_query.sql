-- a path expression over a JSON column
SELECT jsonb_path_query(profile, '$.n') FROM person ORDER BY id
