-- the end of an address
SELECT host(ip), ip - '10.1.0.0'::inet FROM person WHERE id < 3 ORDER BY id
