-- a number cut down and saved
-- commits: yes
-- state: SELECT balance FROM person WHERE id = 2
-- undo: UPDATE person SET balance = CASE current_database() WHEN 'corpus_0' THEN 250 ELSE 299 END WHERE id = 2
UPDATE person SET balance = balance / 100 * 100 WHERE id = 2
