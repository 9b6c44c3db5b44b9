-- the rows on a page
-- role: postgres
SELECT t_data FROM heap_page_items(get_raw_page('person', 0))
