-- whose address is in a network
SELECT id FROM person WHERE ip << '10.1.2.0/26' ORDER BY id
