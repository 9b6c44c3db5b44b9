-- by a lateral sub-select
SELECT x.s FROM note n, LATERAL (SELECT ssn AS s FROM person p WHERE p.id = n.id) x ORDER BY 1
