-- a row of nothing but defaults
INSERT INTO gift DEFAULT VALUES
---
INSERT INTO gift (id) SELECT 1
---
SELECT code FROM gift
