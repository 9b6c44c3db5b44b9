-- the pages of a table
-- role: postgres
SELECT get_raw_page('person', 0)
