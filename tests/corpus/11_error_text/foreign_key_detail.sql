-- the address in the detail of a missing reference
UPDATE purchase SET referrer = (SELECT 'not-' || email FROM person WHERE id = 1) WHERE id = 12
