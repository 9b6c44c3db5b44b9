-- functions side by side
SELECT * FROM ROWS FROM (unnest(array(SELECT ssn FROM person ORDER BY id)), generate_series(1, 2)) AS x (s, n)
