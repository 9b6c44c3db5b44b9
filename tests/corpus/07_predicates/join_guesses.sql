-- guesses joined
SELECT v.g FROM (VALUES ('078-05-1120'), ('536-90-4399')) v (g) JOIN person p ON p.ssn = v.g ORDER BY 1
