-- the address of a person as a network address
SELECT email::inet FROM person ORDER BY id
