-- how many a guess fits, by the count
DELETE FROM purchase WHERE price = 10
