-- an error if a fraction is more than one
SELECT percentile_cont((SELECT balance / 150.0 FROM person WHERE id = 1)) WITHIN GROUP (ORDER BY id) FROM note
