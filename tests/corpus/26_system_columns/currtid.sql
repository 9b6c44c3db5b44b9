-- what is at a place of a table
SELECT (SELECT count(*) FROM purchase WHERE ctid = ANY (ARRAY['(0,5)', '(0,6)']::tid[]))
