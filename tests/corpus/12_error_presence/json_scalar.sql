-- an error if it is no object
SELECT jsonb_object_keys(profile) FROM person WHERE id = 1
