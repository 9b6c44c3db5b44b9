-- whom a MERGE does not find
MERGE INTO note n USING purchase p ON n.id = p.id WHEN NOT MATCHED AND p.price > 40 THEN INSERT VALUES (p.id, 'x')
