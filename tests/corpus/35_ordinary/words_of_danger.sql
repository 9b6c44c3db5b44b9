-- dangerous words in a text
-- expect: same
SELECT 'DROP TABLE person; -- SELECT ssn FROM person' AS advice, $q$DO $x$ BEGIN END $x$$q$ AS more
