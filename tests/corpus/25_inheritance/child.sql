-- a child by itself
SELECT value FROM contact_old ORDER BY person_id
