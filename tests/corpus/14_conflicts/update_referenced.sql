-- whether an address is referred to
UPDATE person SET email = 'new@example.org' WHERE id = 1
