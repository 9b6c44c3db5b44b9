-- a default that calls code that reads, and what it has stored
INSERT INTO present (id) VALUES (1)
---
SELECT code FROM present
