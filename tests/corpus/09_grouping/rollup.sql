-- with totals
SELECT name, balance, count(*) FROM person GROUP BY ROLLUP (name, balance) ORDER BY 1, 2
