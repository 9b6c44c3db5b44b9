-- ranges of them
SELECT range_agg(int4range(id, id + balance % 7, '[]')) FROM person WHERE balance > 0
