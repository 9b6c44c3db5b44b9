-- with the combinations distinct
SELECT balance, count(*) FROM person GROUP BY DISTINCT ROLLUP (balance), CUBE (balance) ORDER BY 1
