-- a constant error in a branch
SELECT CASE WHEN EXISTS (SELECT FROM person WHERE id = 6) THEN 1 / (random() * 0)::integer ELSE 2 END
