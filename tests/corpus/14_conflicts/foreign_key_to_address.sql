-- whether an address is there, by a reference
INSERT INTO purchase (id, person_id, item, price, referrer) VALUES (902, 1, 'x', 1, 'ada@example.org')
