-- whether there is one
SELECT EXISTS (SELECT FROM person WHERE id = 6)
