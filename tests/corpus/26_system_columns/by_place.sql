-- the row at a place
SELECT id FROM purchase WHERE ctid = '(0,6)'
