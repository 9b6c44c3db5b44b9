-- a cast in the condition of a join
SELECT n.id FROM note n JOIN purchase p ON p.item::name <> 'x' AND 1 / (p.person_id - 7) = 3 AND n.id = p.id
