-- the plan of a cursor
EXPLAIN DECLARE c CURSOR FOR SELECT * FROM contact_old
