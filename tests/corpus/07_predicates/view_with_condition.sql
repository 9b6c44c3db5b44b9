-- a view that filters by what it does not show
SELECT id FROM person_hint ORDER BY id
