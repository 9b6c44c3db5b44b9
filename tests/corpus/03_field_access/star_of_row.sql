-- all fields of a row
SELECT (p).* FROM (SELECT person AS p FROM person ORDER BY id) x
