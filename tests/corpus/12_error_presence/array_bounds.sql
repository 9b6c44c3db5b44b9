-- an error if arrays do not fit
SELECT tags || '{{a}}'::text[] FROM person WHERE id < 3 ORDER BY id
