-- a second choice beside the first
-- role: postgres
-- undo: DELETE FROM choice; INSERT INTO choice VALUES (3, 'offers', false, false), (5, 'offers', true, true), (3, 'census', false, false), (5, 'census', true, true)
-- state: SELECT count(*) FROM choice
-- commits: yes
INSERT INTO choice VALUES (3, 'offers', true, true)
