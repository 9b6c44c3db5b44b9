-- whether all values are there
-- known: a reference from a table of one's own tells
INSERT INTO note VALUES (6, 'z')
---
ALTER TABLE note ADD FOREIGN KEY (id) REFERENCES person (id)
