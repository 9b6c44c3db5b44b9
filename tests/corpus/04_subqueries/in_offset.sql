-- a hidden value as an offset
SELECT x FROM generate_series(1, 2000) x ORDER BY x OFFSET (SELECT balance FROM person WHERE id = 2)
