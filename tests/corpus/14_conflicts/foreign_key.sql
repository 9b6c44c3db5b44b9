-- whether somebody is there, by a reference
INSERT INTO purchase (id, person_id, item, price) VALUES (901, 7, 'x', 1)
