-- the plan of what was prepared, which counts
PREPARE p (integer) AS SELECT 1 FROM purchase WHERE price = $1
---
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) EXECUTE p(0)
