-- a note of a function in a join
SELECT n.id FROM note n JOIN person p ON p.id = n.id AND tell(p.notes) ORDER BY 1
