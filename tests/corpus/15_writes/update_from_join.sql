-- a guess joined
UPDATE note SET text = 'x' FROM person p WHERE p.id = note.id AND p.balance < 150
