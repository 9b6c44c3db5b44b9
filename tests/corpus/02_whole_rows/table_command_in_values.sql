-- the short form in a sub-select
SELECT array(SELECT t::text FROM (TABLE person) t ORDER BY id)
