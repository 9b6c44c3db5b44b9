-- how many rows this transaction has read
SELECT count(*) FROM purchase WHERE id > 0
---
SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) > 5 FROM pg_stat_xact_user_tables WHERE relname = 'purchase'
