-- a recursive query that sorts itself
WITH RECURSIVE r (id, s) AS (SELECT id, ssn FROM person WHERE id = 1 UNION ALL SELECT p.id, p.ssn FROM person p JOIN r ON p.id = r.id + 1) SEARCH DEPTH FIRST BY s SET o SELECT o FROM r ORDER BY o
