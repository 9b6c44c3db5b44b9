-- rows whose keys nobody chooses
-- expect: same
INSERT INTO person (name) VALUES ('x')
