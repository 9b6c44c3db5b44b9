-- as an object
SELECT jsonb_object_agg(id, ssn), json_object_agg(id, notes) FROM person
