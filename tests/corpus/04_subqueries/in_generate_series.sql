-- as many rows as a hidden value says
SELECT count(*) FROM generate_series(1, (SELECT balance FROM person WHERE id = 1))
