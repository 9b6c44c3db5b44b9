-- a guess in a branch of a MERGE
MERGE INTO note n USING person p ON n.id = p.id WHEN MATCHED AND p.ssn = '078-05-1120' THEN DELETE WHEN MATCHED THEN DO NOTHING
