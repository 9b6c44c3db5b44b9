-- an error in a condition that has no column
SELECT id FROM person WHERE (ssn = '078-05-1120' AND 1 / (random() * 0)::integer = 1) OR id = -1
