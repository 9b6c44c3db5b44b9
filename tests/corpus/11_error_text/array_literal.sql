-- the note as an array that cannot be one
SELECT ('{"' || notes)::text[] FROM person ORDER BY id
