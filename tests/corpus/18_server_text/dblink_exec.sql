-- another connection that writes
-- role: postgres
-- commits: yes
-- undo: DELETE FROM note WHERE id = 100
SELECT dblink_exec('dbname=' || current_database() || ' user=postgres password=invented host=127.0.0.1 port=' || current_setting('port'), 'INSERT INTO note SELECT 100, ssn FROM person WHERE id = 1')
---
SELECT text FROM note ORDER BY id
