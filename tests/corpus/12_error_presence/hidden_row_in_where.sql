-- an error in a condition, reached by a hidden row
SELECT id FROM person WHERE (id = 6 AND 1 / (random() * 0)::integer = 1) OR id = -1
