-- a masked address saved over the real one
-- commits: yes
-- state: SELECT email FROM person WHERE id = 2
-- undo: UPDATE person SET email = CASE current_database() WHEN 'corpus_0' THEN 'ben@example.org' ELSE 'bert@example.org' END WHERE id = 2
UPDATE person SET email = 'b***@example.org' WHERE id = 2
