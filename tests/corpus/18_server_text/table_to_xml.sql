-- a table in a text
SELECT table_to_xml('person', true, false, '')
