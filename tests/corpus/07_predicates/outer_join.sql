-- a guess that stays without a partner
SELECT v.g, p.id FROM (VALUES ('078-05-1120'), ('536-90-4399')) v (g) LEFT JOIN person p ON p.ssn = v.g ORDER BY 1
