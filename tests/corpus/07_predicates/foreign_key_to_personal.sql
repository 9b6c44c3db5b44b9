-- a column that refers to an address
SELECT referrer FROM purchase ORDER BY id
