-- how many rows a write met
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) UPDATE person SET name = name WHERE ssn = '078-05-1120'
