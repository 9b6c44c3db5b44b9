-- who refused
-- role: postgres
SELECT person_id, agreed, length(ssn) FROM choice JOIN person ON id = person_id ORDER BY 1
