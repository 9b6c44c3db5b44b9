-- a lateral with a condition
SELECT n.id FROM note n JOIN LATERAL (SELECT FROM person p WHERE p.id = n.id AND p.balance < 150) x ON true ORDER BY 1
