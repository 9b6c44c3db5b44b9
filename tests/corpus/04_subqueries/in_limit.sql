-- a hidden value as a limit
SELECT x FROM generate_series(1, 500) x ORDER BY x LIMIT (SELECT balance FROM person WHERE id = 1)
