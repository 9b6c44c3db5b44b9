-- a guess in the source of an INSERT
INSERT INTO note SELECT id + 100, 'x' FROM person WHERE balance > 150
