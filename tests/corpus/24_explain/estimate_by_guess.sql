-- the estimate for a guess
EXPLAIN SELECT 1 FROM person WHERE ssn = '078-05-1120' OR balance < 200
