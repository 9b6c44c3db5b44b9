-- as many rounds as a hidden value says
WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < (SELECT balance FROM person WHERE id = 1)) SELECT max(n) FROM r
