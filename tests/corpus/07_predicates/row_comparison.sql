-- whose row is below a guess
SELECT id FROM person WHERE (name, ssn) < ('Ada Plain', '1') ORDER BY id
