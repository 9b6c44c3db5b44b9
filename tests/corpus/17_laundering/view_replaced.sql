-- a view of something plain becomes one of people in the text that reads it
CREATE VIEW shelf AS SELECT id, text FROM note
---
CREATE OR REPLACE VIEW shelf AS SELECT id, ssn AS text FROM person; SELECT text FROM shelf ORDER BY id
