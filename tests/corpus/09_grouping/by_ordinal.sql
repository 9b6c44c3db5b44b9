-- a group for each in its place
SELECT notes, count(*) FROM person GROUP BY 1 ORDER BY 1
