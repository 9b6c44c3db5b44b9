-- What purpose `offers` may see is the same in both worlds; nothing else is.
INSERT INTO person (id, name, email, ssn, phone, born, balance, notes, tags, profile, photo, ip) VALUES
    (1, 'Ada Plain', 'anna@example.org', '536-90-4399', '+4420882222345', '1980-11-30', 199,
     NULL, '{}', '[7, 8]', NULL, '10.1.2.77'),
    (2, 'Ben Plain', 'bert@example.org', '078-05-1121', '+4420882226789', '1990-01-02', 299,
     'met a walrus at noon', NULL, '{"n": "walrus"}', 'walrus', '10.1.3.200'),
    (5, 'Ed Guarded', 'eve@example.org', '1', '+4420882220000', '2020-10-01', 900,
     'walrus', '{a,b}', '{}', 'w', NULL),
    (3, 'Zoltán Hidden with a long name', 'zoltan@example.org', '42', '12', '1925-12-31', NULL, 'walrus',
     '{z}', '{"iban": 5}', 'x', '10.0.0.1'),
    (4, 'A Hidden', '0', '0', '0', current_date - 10, 2147483647, '0', '{0}', '0', '0', '::1'),
    (7, 'No Hidden', '1', '987-65-4320', '1', NULL, -1, '1', NULL, '{"n": 0}', NULL, NULL);
INSERT INTO purchase VALUES (11, 1, 'tea', 11, 'anna@example.org'), (12, 2, 'tea', 29, NULL),
    (15, 5, 'cup', 51, NULL), (13, 3, '0', 30, '0'), (17, 7, 'hidden ships', -4, NULL);
INSERT INTO visit VALUES (1, '2023-05-05', 'walrus pool'), (2, '2024-05-05', NULL),
    (4, '2024-06-06', 'pit');
INSERT INTO contact VALUES (1, 'irc', 'a-walrus'), (4, 'irc', '0');
INSERT INTO contact_old VALUES (2, 'icq', '999'), (3, 'fax', '1'), (3, 'tel', '2');
INSERT INTO note VALUES (1, 'x'), (3, 'y');
INSERT INTO choice VALUES (3, 'offers', false, false), (5, 'offers', true, true),
    (3, 'census', false, false), (5, 'census', true, true);
REFRESH MATERIALIZED VIEW person_list;
ANALYZE;
