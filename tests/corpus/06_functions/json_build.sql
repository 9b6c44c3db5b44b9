-- the number inside a JSON
SELECT json_build_object('s', ssn), jsonb_build_array(notes) FROM person ORDER BY id
