-- a default that calls code that reads, in an update
INSERT INTO present (id, code) VALUES (1, 'x')
---
UPDATE present SET code = DEFAULT WHERE id = 1 RETURNING code
