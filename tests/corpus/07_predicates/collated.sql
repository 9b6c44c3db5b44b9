-- under another order of letters
SELECT id FROM person WHERE notes COLLATE "C" < 'g' ORDER BY id
