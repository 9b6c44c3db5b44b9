-- who is between, either way round
SELECT id FROM person WHERE balance BETWEEN SYMMETRIC 150 AND 100 ORDER BY id
