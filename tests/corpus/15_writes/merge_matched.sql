-- a guess in the condition of a MERGE
MERGE INTO note n USING person p ON n.id = p.id AND p.balance < 150 WHEN MATCHED THEN UPDATE SET text = 'x'
