-- a cursor in a text
DECLARE c CURSOR FOR SELECT ssn FROM person ORDER BY id
---
SELECT cursor_to_xml('c', 10, true, false, '')
