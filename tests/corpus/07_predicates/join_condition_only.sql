-- a condition on a hidden column beside another table
SELECT n.id, p.id FROM note n LEFT JOIN person p ON n.id = p.id AND p.balance = 100 ORDER BY 1
