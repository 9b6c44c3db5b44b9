-- the plan of a view
EXPLAIN SELECT * FROM person_view WHERE ssn < '1'
