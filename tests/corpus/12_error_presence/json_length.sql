-- an error if it is no array
SELECT jsonb_array_length(profile) FROM person WHERE id = 1
