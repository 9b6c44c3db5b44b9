-- a recursive query that marks where it has been
WITH RECURSIVE r (id, s) AS (SELECT id, ssn FROM person WHERE id = 1 UNION ALL SELECT p.id, p.ssn FROM person p JOIN r ON p.id = r.id + 1) CYCLE s SET c USING path SELECT path FROM r ORDER BY id
