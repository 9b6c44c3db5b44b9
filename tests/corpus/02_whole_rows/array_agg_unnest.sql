-- the rows through an array
SELECT (u).ssn FROM (SELECT unnest(array_agg(p ORDER BY id)) AS u FROM person p) x
