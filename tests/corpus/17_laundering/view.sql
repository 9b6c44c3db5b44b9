-- a view that was there before
SELECT ssn FROM person_view ORDER BY id
