-- whether a person is there, by the detail of a reference
INSERT INTO purchase (id, person_id, item, price) VALUES (900, 6, 'x', 1)
