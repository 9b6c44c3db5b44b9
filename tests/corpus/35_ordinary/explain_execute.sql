-- the plan of what was prepared over what is plain
-- expect: same
PREPARE p (integer) AS SELECT text FROM note WHERE id = $1
---
EXPLAIN (COSTS OFF) EXECUTE p(1)
---
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, FORMAT json) EXECUTE p(3)
---
EXPLAIN EXECUTE nobody_made_this
---
EXECUTE p(1)
