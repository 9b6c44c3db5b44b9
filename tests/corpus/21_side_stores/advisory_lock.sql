-- told by a lock
SELECT pg_advisory_xact_lock(balance) FROM person WHERE id = 1
---
SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()
