-- a cast of a hidden row's text to a date
SELECT id FROM person WHERE region = 'north' AND (name || 'x')::date > '2000-01-01' AND id > 5
