-- whether all, whether any
SELECT bool_or(ssn = '078-05-1120'), every(balance < 2000), bit_and(balance), bit_xor(balance) FROM person
