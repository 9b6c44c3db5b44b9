-- Some thousands of invented people for the shop of rules/schema.sql.
SET client_min_messages = warning;
-- The same on the same day: everything follows from a number n and a small hash of it, ages from
-- today.
\set people 6000
CREATE SCHEMA invent;
SET search_path = invent, pg_catalog;
SET TIME ZONE 'UTC';

-- A number from 0 to k - 1 that looks like chance and never changes.
CREATE FUNCTION invent.pick(n integer, salt text, k integer) RETURNS integer
LANGUAGE sql IMMUTABLE AS
$$ SELECT (('x' || substr(md5(salt || ':' || n), 1, 7))::bit(28)::integer) % k $$;

CREATE FUNCTION invent.one_of(n integer, salt text, words text[]) RETURNS text
LANGUAGE sql IMMUTABLE AS
$$ SELECT words[1 + invent.pick(n, salt, array_length(words, 1))] $$;

-- Letters as they appear in an e-mail address.
CREATE FUNCTION invent.plain(t text) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT regexp_replace(translate(lower(t), 'áàâäãåçčćéèêëėğíìîïıłńñóòôöõøřśşšșțúùûüýžźżß',
                                   'aaaaaaccceeeeegiiiiilnnoooooorsssstuuuuyzzzs'), '[^a-z]+', '.', 'g') $$;

CREATE TEMP TABLE culture (
    id integer, women text[], men text[], families text[], cities text[], streets text[],
    phone text, domain text[]
);
INSERT INTO culture VALUES
(0, '{Wei,Li,Fang,Xiuying,Na,Min,Jing,Yan,Juan,Ting,Lan,Hui}', '{Wei,Jun,Lei,Tao,Ming,Qiang,Hao,Bin,Peng,Gang,Jie,Bo}',
    '{Wang,Li,Zhang,Liu,Chen,Yang,Zhao,Huang,Zhou,Wu,Xu,Sun}', '{Shanghai,Chengdu,Hangzhou,Wuhan,Shenzhen}',
    '{"Nanjing Road","Renmin Road","Jiefang Street","Zhongshan Avenue"}', '+8613', '{example.cn,mail.example}'),
(1, '{María,Lucía,Carmen,Sofía,Elena,Paula,Inés,Valeria,Camila,Ximena}', '{Javier,Diego,Mateo,Pablo,Andrés,Luis,Hugo,Santiago,Emilio,Rafael}',
    '{García,Fernández,López,Martínez,Sánchez,Pérez,Gómez,Ruiz,Núñez,Ortega}', '{Sevilla,Valencia,Bogotá,Lima,Monterrey}',
    '{"Calle Mayor","Avenida del Sol","Calle de la Paz","Paseo Nuevo"}', '+346', '{example.es,correo.example}'),
(2, '{Aisha,Fatima,Zainab,Amina,Maryam,Leila,Noor,Salma}', '{Omar,Yusuf,Ibrahim,Khalid,Hassan,Tariq,Bilal,Karim}',
    '{Haddad,Rahman,Mansour,Saleh,Nasser,Khoury,Aziz,Farouk}', '{Casablanca,Amman,Cairo,Tunis,Beirut}',
    '{"Rue des Oliviers","Harbour Street","Al Salam Street"}', '+2126', '{example.org,post.example}'),
(3, '{Anna,Greta,Ingrid,Astrid,Klara,Frieda,Saoirse,Maeve,Freya}', '{Lars,Jonas,Felix,Björn,Søren,Oskar,Liam,Finn,Magnus}',
    '{Müller,Schmidt,Nielsen,Lindström,Berg,Hoffmann,O''Brien,Jørgensen,Weiß}', '{Köln,Malmö,Bergen,Dublin,Aarhus}',
    '{Hauptstraße,Storgatan,"Church Lane",Lindenallee}', '+4917', '{example.de,mail.example}'),
(4, '{Priya,Ananya,Lakshmi,Kavya,Meera,Divya,Nisha,Pooja}', '{Arjun,Rohan,Vikram,Sanjay,Rahul,Anil,Kiran,Dev}',
    '{Sharma,Patel,Reddy,Iyer,Nair,Gupta,Singh,Das}', '{Pune,Chennai,Kolkata,Jaipur,Kochi}',
    '{"MG Road","Station Road","Lake View Road","Temple Street"}', '+9198', '{example.in,post.example}'),
(5, '{Yuki,Sakura,Haruka,Aiko,Naomi,Emi,Hana}', '{Haruto,Kenji,Takumi,Ren,Daichi,Sota,Yuto}',
    '{Sato,Suzuki,Takahashi,Tanaka,Ito,Watanabe,Kobayashi}', '{Osaka,Sapporo,Fukuoka,Nagoya,Sendai}',
    '{"Sakura-dori","Chuo-dori","Midori-cho"}', '+8190', '{example.jp,mail.example}'),
(6, '{Chiamaka,Ngozi,Adaeze,Wanjiru,Akinyi,Thandiwe,Abena}', '{Chinedu,Emeka,Tunde,Kamau,Otieno,Sipho,Kofi}',
    '{Okafor,Adeyemi,Eze,Mwangi,Odhiambo,Dlamini,Mensah}', '{Lagos,Nairobi,Accra,Durban,Kampala}',
    '{"Market Road","Unity Street","Uhuru Highway","Palm Avenue"}', '+2348', '{example.ng,post.example}'),
(7, '{Olena,Zofia,Katarzyna,Ioana,Petra,Milica,Daria}', '{Andrzej,Taras,Marek,Ștefan,Ivan,Luka,Tomáš}',
    '{Kowalski,Shevchenko,Nowak,Popescu,Novák,Horvat,Petrović}', '{Gdańsk,Lviv,Brno,Zagreb,Cluj}',
    '{"ulica Długa",Hlavní,"Strada Mare",Ilica}', '+4850', '{example.pl,mail.example}');

CREATE TEMP TABLE person AS
SELECT n AS id, pick.woman,
       CASE WHEN woman THEN one_of(n, 'given', women) ELSE one_of(n, 'given', men) END AS given,
       one_of(n, 'family', families) AS family,
       one_of(n, 'city', cities) AS city, one_of(n, 'street', streets) AS street, c.phone,
       one_of(n, 'domain', c.domain) AS domain,
       -- One in twelve is under age, and a few never said when they were born.
       CASE WHEN pick(n, 'unborn', 60) = 0 THEN NULL
            WHEN pick(n, 'young', 12) = 0 THEN current_date - interval '13 years' - pick(n, 'birth', 1700) * interval '1 day'
            ELSE current_date - interval '19 years' - pick(n, 'birth', 19000) * interval '1 day'
       END::date AS birth_date
FROM generate_series(1, :people) AS n
     CROSS JOIN LATERAL (SELECT pick(n, 'gender', 2) = 0 AS woman) AS pick
     JOIN culture c ON c.id = pick(n, 'culture', 8);

-- The few people the demo calls by their number.
UPDATE person p SET given = v.given, family = v.family, woman = v.woman, city = v.city, street = v.street,
       phone = v.phone, domain = v.domain,
       birth_date = (current_date - v.age * interval '1 year' - interval '40 days')::date
FROM (VALUES
    (1, 'Amara',  'Okafor',    true,  'Lagos',    'Palm Avenue',       '+2348', 'example.ng', 34),
    (2, 'Jonas',  'Lindström', false, 'Malmö',    'Storgatan',         '+4673', 'example.se', 41),
    (3, 'Wei',    'Zhang',     false, 'Chengdu',  'Renmin Road',       '+8613', 'example.cn', 15),
    (4, 'Lucía',  'Ortega',    true,  'Sevilla',  'Calle de la Paz',   '+3461', 'example.es', 16),
    (5, 'Priya',  'Nair',      true,  'Kochi',    'Lake View Road',    '+9198', 'example.in', 29),
    (6, 'Tomáš',  'Novák',     false, 'Brno',     'Hlavní',            '+4205', 'example.cz', 52),
    (7, 'Leila',  'Haddad',    true,  'Amman',    'Harbour Street',    '+9627', 'example.org', 38),
    (8, 'Kenji',  'Tanaka',    false, 'Osaka',    'Sakura-dori',       '+8190', 'example.jp', 63)
) AS v (id, given, family, woman, city, street, phone, domain, age)
WHERE p.id = v.id;

INSERT INTO shop.users (id, status, created_at, name, birth_date, gender, address, phone, email)
SELECT id,
       CASE WHEN id = 7 OR id > 8 AND pick(id, 'gone', 40) = 0 THEN 'cancelled' ELSE 'active' END,
       timestamptz '2021-03-01 08:00:00+00' + pick(id, 'joined', 2000000) * interval '87 seconds',
       given || ' ' || family, birth_date,
       CASE WHEN pick(id, 'unsaid', 25) = 0 THEN NULL WHEN woman THEN 'female' ELSE 'male' END,
       1 + pick(id, 'house', 180) || ' ' || street || ', ' || city,
       phone || lpad(pick(id, 'phone', 100000000)::text, 8, '0'),
       plain(given) || '.' || plain(family) || CASE WHEN id > 8 THEN id::text ELSE '' END || '@' || domain
FROM person;

INSERT INTO shop.identity_docs (user_id, kind, number, face_template)
SELECT id, one_of(id, 'kind', '{id_card,passport,driver_license}'),
       upper(substr(md5('document' || id), 1, 2)) || lpad(pick(id, 'number', 99999999)::text, 8, '0'),
       CASE WHEN pick(id, 'face', 2) = 0 THEN decode(md5('face' || id), 'hex') END
FROM person WHERE id <= 8 OR pick(id, 'document', 3) = 0;

INSERT INTO shop.accounts (user_id, login, last_ip, password_hash, security_answer)
SELECT id, plain(given) || id, ('198.51.' || pick(id, 'net', 250) || '.' || 1 + pick(id, 'host', 250))::inet,
       '$2b$12$' || translate(encode(sha256(('password' || id)::bytea), 'base64'), '+=/', './.'),
       one_of(id, 'answer', '{a blue bicycle,my first cat,the lake house,aunt Rosa,chess club}')
FROM person;

INSERT INTO shop.products (id, name, price) VALUES
(1, 'Rain jacket', 89.00), (2, 'Running shoes', 119.00), (3, 'Espresso maker', 64.50), (4, 'Desk lamp', 39.90),
(5, 'Novel', 14.00), (6, 'Headphones', 149.00), (7, 'Yoga mat', 27.50), (8, 'Tea set', 48.00),
(9, 'Board game', 34.00), (10, 'Backpack', 74.00), (11, 'Vitamin D', 12.90), (12, 'Blood pressure monitor', 54.00);

INSERT INTO shop.orders (id, user_id, placed_at, item, amount)
SELECT (u.id - 1) * 10 + k, u.id,
       timestamptz '2026-10-31 20:00:00+00' - pick(u.id * 10 + k, 'placed', 500000) * interval '61 seconds',
       p.name, p.price * (1 + pick(u.id * 10 + k, 'pieces', 3))
FROM person u
     CROSS JOIN LATERAL generate_series(1, CASE WHEN u.id <= 8 THEN 3 ELSE pick(u.id, 'orders', 7) END) k
     JOIN shop.products p ON p.id = 1 + pick(u.id * 10 + k, 'product', 12);

INSERT INTO shop.wallets (user_id, balance, coupons)
SELECT id, pick(id, 'balance', 250000) / 100.0, pick(id, 'coupons', 5) FROM person;

INSERT INTO live.viewers (user_id, nickname, gift_spend)
SELECT id, plain(given) || '_' || one_of(id, 'nick', '{fox,moon,river,tiger,cloud,pixel}'), pick(id, 'gifts', 30000) / 100.0
FROM person WHERE id <= 8 OR pick(id, 'viewer', 4) = 0;

-- What people chose. Most said nothing. Number 3 is a minor whose guardian agreed to advertising,
-- 4 a minor without a guardian's word, 5 refused advertising, 6 refused surveys, 7 has left,
-- 8 agreed to a health study.
INSERT INTO shop.privacy_choices (user_id, purpose, choice, by_guardian)
SELECT id, purpose, choice, false
FROM person
     CROSS JOIN (VALUES ('ads', false, 6), ('survey', false, 8), ('improve', false, 30), ('personalize', false, 20),
                        ('ads_measure', false, 12), ('other.health_study', true, 9)) AS c (purpose, choice, share)
WHERE id > 8 AND pick(id, 'choice ' || purpose, share) = 0;
INSERT INTO shop.privacy_choices (user_id, purpose, choice, by_guardian) VALUES
(3, 'ads', true, true), (5, 'ads', false, false), (6, 'survey', false, false), (8, 'other.health_study', true, false);
INSERT INTO shop.privacy_choices (user_id, purpose, choice, by_guardian)
SELECT id, 'ads', true, true FROM person
WHERE id > 8 AND birth_date > current_date - interval '18 years' AND pick(id, 'guardian', 4) = 0
ON CONFLICT DO NOTHING;

-- Who has been told of which version of the policy: most of the newest, number 2 not yet.
INSERT INTO shop.policy_seen (user_id, version)
SELECT id, CASE WHEN id = 2 OR id > 8 AND pick(id, 'told', 7) = 0 THEN 2 ELSE 3 END FROM person;

INSERT INTO partner.ad_clicks (id, campaign, clicked_at)
SELECT n, one_of(n, 'campaign', '{Autumn outdoor,Coffee week,Back to school}'),
       timestamptz '2026-10-31 20:00:00+00' - n * interval '37 minutes'
FROM generate_series(1, 500) n;

DROP SCHEMA invent CASCADE;
ANALYZE;
