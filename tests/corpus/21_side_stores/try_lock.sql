-- told by a lock that is tried
SELECT pg_try_advisory_xact_lock(7, balance) FROM person WHERE id IN (1, 2)
---
SELECT objid FROM pg_locks WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND locktype = 'advisory' AND classid = 7 ORDER BY 1
