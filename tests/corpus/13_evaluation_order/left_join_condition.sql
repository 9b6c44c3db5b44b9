-- a division in the condition of an outer join
SELECT n.id FROM note n LEFT JOIN purchase p ON 1 / (p.person_id - 6) = 0 ORDER BY 1
