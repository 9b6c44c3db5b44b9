-- a part of a JSON read by its subscripts
SELECT (to_jsonb(p))['ssn'] FROM person p ORDER BY id
