-- somebody's choice changed
-- role: postgres
-- undo: DELETE FROM choice; INSERT INTO choice VALUES (3, 'offers', false, false), (5, 'offers', true, true), (3, 'census', false, false), (5, 'census', true, true)
-- state: SELECT agreed FROM choice WHERE person_id = 3
-- commits: yes
UPDATE choice SET agreed = true WHERE person_id = 3
