-- estimates
EXPLAIN SELECT * FROM person
