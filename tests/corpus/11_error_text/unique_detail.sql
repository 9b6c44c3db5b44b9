-- the address in the detail of a double key
UPDATE person SET email = (SELECT email FROM person WHERE id = 2) WHERE id = 1
