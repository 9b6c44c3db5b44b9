-- a column called like a function of the alias of a sub-select
SELECT email(x) FROM (SELECT * FROM person) x ORDER BY id
