-- a row saved by an upsert
-- commits: yes
-- state: SELECT email FROM person WHERE id = 2
-- undo: UPDATE person SET email = CASE current_database() WHEN 'corpus_0' THEN 'ben@example.org' ELSE 'bert@example.org' END WHERE id = 2
INSERT INTO person (id, name, email) VALUES (2, 'Ben Plain', 'b***@example.org') ON CONFLICT (id) DO UPDATE SET email = excluded.email
