-- whether somebody bought something
DELETE FROM person WHERE id = 7
