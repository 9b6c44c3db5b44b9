-- groups of one
SELECT born, sum(balance) FROM person GROUP BY born ORDER BY born
