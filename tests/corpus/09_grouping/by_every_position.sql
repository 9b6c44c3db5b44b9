-- the number again, from groups by position
SELECT p, substr(ssn, p, 1), count(*) FROM person, generate_series(1, 11) p GROUP BY 1, 2 ORDER BY 1, 2
