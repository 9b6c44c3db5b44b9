-- the same words before and after
SELECT text FROM note ORDER BY id
---
ALTER TABLE note RENAME TO old_note
---
ALTER VIEW person_view RENAME TO note
---
ALTER VIEW note RENAME COLUMN ssn TO text
---
SELECT text FROM note ORDER BY id
