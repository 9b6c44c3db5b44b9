-- the whole row in the detail of a failing check
UPDATE person SET balance = -1000 WHERE id = 1
