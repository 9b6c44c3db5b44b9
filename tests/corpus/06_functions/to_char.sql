-- a date in words
SELECT to_char(born, 'DD Month'), to_char(balance, '999') FROM person ORDER BY id
