-- the balance as a number too small for it
SELECT balance::numeric(2) FROM person WHERE id = 4
