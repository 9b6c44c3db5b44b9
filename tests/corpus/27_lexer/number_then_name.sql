-- an operator that ends in a number with an exponent
SELECT 1.5e3 ssn, p.ssn FROM person p ORDER BY id
