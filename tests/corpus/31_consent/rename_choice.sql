-- the table of choices replaced
-- role: postgres
-- undo: DO $$ BEGIN IF to_regclass('gone') IS NOT NULL THEN DROP TABLE choice; ALTER TABLE gone RENAME TO choice; END IF; END $$
-- state: SELECT count(*) FROM pg_class WHERE relname = 'gone'
-- commits: yes
ALTER TABLE choice RENAME TO gone
---
CREATE TABLE choice (person_id integer, purpose text, agreed boolean, by_guardian boolean)
