-- arithmetic with a balance
SELECT balance * 1, balance % 7, -balance, balance::float8 / 3 FROM person ORDER BY id
