-- the number by a correlated sub-select
SELECT n.id, (SELECT p.ssn FROM person p WHERE p.id = n.id) FROM note n ORDER BY 1
