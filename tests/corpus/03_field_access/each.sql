-- the fields as rows
SELECT key, value FROM person p, jsonb_each_text(to_jsonb(p)) WHERE id = 1 ORDER BY key
