-- a table of nobody's asked by a hidden one
SELECT id FROM note n WHERE EXISTS (SELECT FROM person p WHERE p.id = n.id AND p.balance > 150) ORDER BY id
