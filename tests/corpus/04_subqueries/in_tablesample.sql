-- a hidden value as a sampling percentage
SELECT count(*) FROM generate_series(1, 3) g, note TABLESAMPLE bernoulli ((SELECT CASE WHEN balance > 150 THEN 100 ELSE 0 END FROM person WHERE id = 1))
