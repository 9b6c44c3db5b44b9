-- the last place in use
SELECT max(ctid) FROM purchase
