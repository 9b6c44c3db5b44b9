-- everything at once
SELECT * FROM person CROSS JOIN purchase ORDER BY person.id, purchase.id
