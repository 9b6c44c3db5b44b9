-- through a recursive expression
WITH RECURSIVE r (n, s) AS (SELECT 0, '' UNION ALL SELECT n + 1, p.ssn FROM r JOIN person p ON p.id = n + 1) SELECT s FROM r ORDER BY n
