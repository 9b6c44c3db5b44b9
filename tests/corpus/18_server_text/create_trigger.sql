-- a trigger on a plain table
CREATE TRIGGER t BEFORE INSERT ON note FOR EACH ROW EXECUTE FUNCTION carry()
---
INSERT INTO note (id) VALUES (2)
---
SELECT text FROM note ORDER BY id
