-- the plan of what was prepared
PREPARE p AS SELECT id FROM person WHERE balance > 150
---
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) EXECUTE p
