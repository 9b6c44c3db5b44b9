-- by a row made from JSON
SELECT json_populate_record(NULL::typed, '{"n": "078-05-1120"}')
