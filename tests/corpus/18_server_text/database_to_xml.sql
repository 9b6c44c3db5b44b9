-- the database in a text
-- role: postgres
SELECT database_to_xml(true, true, '')
