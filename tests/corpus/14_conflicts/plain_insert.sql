-- whether a key is taken, by the error
INSERT INTO person (id, name) VALUES (6, 'x')
