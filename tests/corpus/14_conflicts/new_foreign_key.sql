-- whether all values are there
INSERT INTO note VALUES (6, 'z')
---
ALTER TABLE note ADD FOREIGN KEY (id) REFERENCES person (id)
