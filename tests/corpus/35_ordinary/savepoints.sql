-- what a library sends around its work
-- expect: same
SAVEPOINT "x 1"
---
SELECT current_setting('server_version_num')::integer / 10000
---
RELEASE SAVEPOINT "x 1"
---
SHOW transaction_isolation
