-- a division below the filter
SELECT id FROM (SELECT id, balance FROM person WHERE NOT left_us) x WHERE 1 / (balance - 3) > 5
