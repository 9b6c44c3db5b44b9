-- a plan with a function's query in it
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT id FROM people() WHERE ssn LIKE '0%'
