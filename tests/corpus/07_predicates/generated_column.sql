-- by a column made of another
SELECT id FROM person WHERE domain = 'ada'
