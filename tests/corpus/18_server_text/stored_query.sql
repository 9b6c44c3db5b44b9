-- a statement kept in a table, and run
SELECT count(*) FROM query_to_xml((SELECT 'SELECT ssn FROM person WHERE ssn = ''078-05-1120'''), true, false, '') x WHERE x::text LIKE '%row%'
