-- one field of the row as JSON
SELECT to_jsonb(p) #>> '{ssn}' FROM person p ORDER BY id
