-- in the order of places
SELECT person_id FROM contact_old ORDER BY ctid DESC LIMIT 1
