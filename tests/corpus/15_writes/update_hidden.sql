-- whether a hidden row is there
UPDATE purchase SET item = 'x' WHERE person_id = 6
