-- a hidden value as a subscript
SELECT (array[10, 20, 30])[(SELECT balance FROM person WHERE id = 1) - 99]
