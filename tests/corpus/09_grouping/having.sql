-- only groups a guess fits
SELECT name FROM person GROUP BY name HAVING max(ssn) LIKE '078%' ORDER BY 1
