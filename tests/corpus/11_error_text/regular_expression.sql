-- the number as options of a pattern
SELECT regexp_replace('x', 'x', 'y', ssn) FROM person WHERE id IN (1, 2) ORDER BY id
