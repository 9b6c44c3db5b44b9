-- a choice copied in by MERGE
-- role: postgres
-- undo: DELETE FROM choice; INSERT INTO choice VALUES (3, 'offers', false, false), (5, 'offers', true, true), (3, 'census', false, false), (5, 'census', true, true)
-- state: SELECT count(*) FROM choice
-- commits: yes
MERGE INTO choice c USING note n ON c.person_id = n.id AND n.id = 1 WHEN NOT MATCHED THEN INSERT VALUES (n.id, 'offers', true, true)
