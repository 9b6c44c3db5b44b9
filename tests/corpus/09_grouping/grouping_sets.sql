-- in chosen combinations
SELECT phone, born, GROUPING(phone, born) FROM person GROUP BY GROUPING SETS ((phone), (born), ()) ORDER BY 1, 2
