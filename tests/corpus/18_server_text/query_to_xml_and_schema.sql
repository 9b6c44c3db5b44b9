-- a query and its schema in a text
SELECT query_to_xml_and_xmlschema('SELECT notes FROM person ORDER BY id', true, false, '')
