-- a group for each
SELECT balance, count(*) FROM person GROUP BY balance ORDER BY balance
