-- the note as a path
SELECT ('$.' || notes)::jsonpath FROM person WHERE id = 1
