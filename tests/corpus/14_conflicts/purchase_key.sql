-- whether a hidden row has this key
INSERT INTO purchase (id, person_id, item, price) VALUES (16, 1, 'x', 1)
