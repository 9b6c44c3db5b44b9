-- the plan as JSON
EXPLAIN (FORMAT json) SELECT * FROM purchase
