-- kept in the log of changes
-- role: postgres
SELECT pg_logical_emit_message(true, 'x', repeat('x', balance * 1000)) - pg_current_wal_insert_lsn() > -1 FROM person WHERE id = 1 AND balance > 150
