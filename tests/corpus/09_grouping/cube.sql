-- in every combination
SELECT tags, ip, count(*) FROM person GROUP BY CUBE (tags, ip) ORDER BY 1, 2
