-- a hidden value as an argument
SELECT upper((SELECT notes FROM person WHERE id = 1))
