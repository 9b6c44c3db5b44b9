-- a row with its fields filled in from itself
SELECT jsonb_populate_record(p, '{}') FROM person p ORDER BY id
