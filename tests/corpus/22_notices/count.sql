-- how many notes there are
SELECT count(*) FROM purchase WHERE tell('row'::text)
