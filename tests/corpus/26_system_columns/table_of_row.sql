-- which table it is in
SELECT count(tableoid) FROM purchase
