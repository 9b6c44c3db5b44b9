-- a table made of a JSON
SELECT x.* FROM person p, jsonb_to_record(p.profile) AS x (iban text, n text) WHERE jsonb_typeof(p.profile) = 'object' ORDER BY p.id
