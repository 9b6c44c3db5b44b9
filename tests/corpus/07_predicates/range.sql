-- who is between
SELECT id FROM person WHERE balance BETWEEN 100 AND 150 ORDER BY id
