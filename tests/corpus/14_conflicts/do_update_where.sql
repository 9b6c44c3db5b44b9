-- whether a guess fits, by the count
INSERT INTO person AS p (id, name) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET name = 'y' WHERE p.ssn = '078-05-1120'
