-- a schema in a text
SELECT schema_to_xml('public', true, false, '')
