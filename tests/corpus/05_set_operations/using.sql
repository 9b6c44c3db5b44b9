-- joined USING the number
SELECT ssn FROM person JOIN (VALUES ('078-05-1120'), ('536-90-4399')) v (ssn) USING (ssn) ORDER BY 1
