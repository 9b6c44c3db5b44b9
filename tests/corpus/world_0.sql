-- What purpose `offers` may see is the same in both worlds; nothing else is.
INSERT INTO person (id, name, email, ssn, phone, born, balance, notes, tags, profile, photo, ip) VALUES
    (1, 'Ada Plain', 'ada@example.org', '078-05-1120', '+4420791112345', '1980-01-01', 100,
     'fond of zebras', '{vip}', '{"iban": "DE11SECRETIVE", "n": 1}', 'zebra', '10.1.2.3'),
    (2, 'Ben Plain', 'ben@example.org', '219-09-9999', '+4420791116789', '1990-02-02', 250,
     'owes zebras', '{late,rude}', '{"iban": "DE22SECRETIVE", "n": 2}', 'lion', '10.1.3.4'),
    (5, 'Ed Guarded', 'ed@example.org', '457-55-5462', '+4420791110000', '2020-01-01', 999,
     NULL, NULL, NULL, NULL, NULL),
    (3, 'Flo Furtive', '3', '3', '3', '1985-03-03', 3, 'zebra', '{}', '{"n": 3}', NULL, NULL),
    (4, 'Di Furtive', 'x@y', '987-65-4320', NULL, current_date - 4000, 0, 'x', NULL, '1', NULL, NULL),
    (6, 'Flo Furtive', NULL, NULL, NULL, '1970-06-06', 600, NULL, NULL, NULL, NULL, NULL);
UPDATE person SET left_us = true WHERE id = 6;
INSERT INTO purchase VALUES (11, 1, 'tea', 10, 'ada@example.org'), (12, 2, 'tea', 20, NULL),
    (15, 5, 'cup', 50, NULL), (13, 3, 'tea', 0, '3'), (14, 4, 'hat', 7, NULL),
    (16, 6, 'furtive tea', 1000000, NULL);
INSERT INTO visit VALUES (1, '2023-05-05', 'zebra house'), (2, '2024-05-05', 'inn'),
    (3, '2023-06-06', 'pit');
INSERT INTO contact VALUES (1, 'irc', 'ada-zebra'), (3, 'irc', '3');
INSERT INTO contact_old VALUES (2, 'icq', '12345'), (4, 'icq', '54321');
INSERT INTO note VALUES (1, 'x'), (3, 'y');
INSERT INTO choice VALUES (3, 'offers', false, false), (5, 'offers', true, true),
    (3, 'census', false, false), (5, 'census', true, true);
REFRESH MATERIALIZED VIEW person_list;
ANALYZE;
