-- guesses that are among the numbers
VALUES ('078-05-1120'), ('219-09-9999'), ('536-90-4399') INTERSECT SELECT ssn FROM person ORDER BY 1
