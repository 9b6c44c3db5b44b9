-- two tables change their names
ALTER TABLE note RENAME TO old_note
---
ALTER TABLE person RENAME TO note
---
SELECT ssn FROM note ORDER BY id
