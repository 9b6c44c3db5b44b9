-- the words of old
EXPLAIN ANALYZE VERBOSE DELETE FROM purchase WHERE price = 10
