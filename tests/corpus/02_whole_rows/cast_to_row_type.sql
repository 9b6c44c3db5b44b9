-- the row cast to the type of the table
SELECT (ROW(p.*)::person).ssn FROM person p ORDER BY id
