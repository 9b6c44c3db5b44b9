-- whose note matches
SELECT id FROM person WHERE notes ~* 'ZEBRA' ORDER BY id
