-- the parent alone
SELECT value FROM ONLY contact ORDER BY person_id
