-- too many rows if a guess fits
SELECT (SELECT n.id FROM note n WHERE p.balance = 100) FROM person p WHERE id = 1
