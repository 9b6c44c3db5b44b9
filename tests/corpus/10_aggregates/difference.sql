-- the sum with somebody, less the sum without
SELECT (SELECT sum(balance) FROM person) - (SELECT sum(balance) FROM person WHERE id <> 1)
