-- a part of a JSON written
UPDATE person SET profile['n'] = '0' WHERE id = 2 RETURNING profile
