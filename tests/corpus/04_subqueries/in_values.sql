-- a hidden value in VALUES
VALUES ((SELECT ssn FROM person WHERE id = 1), (SELECT notes FROM person WHERE id = 2))
