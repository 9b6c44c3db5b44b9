-- so does one that another view is made of
CREATE VIEW shelf AS SELECT id, text FROM note; CREATE VIEW pane AS SELECT id, text FROM shelf
---
CREATE OR REPLACE VIEW shelf AS SELECT id, ssn AS text FROM person; SELECT text FROM pane ORDER BY id
