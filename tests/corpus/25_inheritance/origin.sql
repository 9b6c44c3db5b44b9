-- which table a row is in
SELECT tableoid::regclass::text, count(*) FROM contact GROUP BY 1 ORDER BY 1
