-- ranges of many
SELECT int4multirange(int4range(0, balance)) FROM person WHERE id < 3 ORDER BY id
