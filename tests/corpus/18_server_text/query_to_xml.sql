-- a query in a text
SELECT query_to_xml('SELECT ssn FROM person ORDER BY id', true, false, '')
