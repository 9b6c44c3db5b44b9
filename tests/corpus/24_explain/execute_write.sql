-- the plan of a write that was prepared
PREPARE p AS UPDATE purchase SET item = 'x' WHERE price = 7
---
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) EXECUTE p
