-- a field by the operator of JSON
SELECT row_to_json(p) ->> 'ssn' FROM person p ORDER BY id
