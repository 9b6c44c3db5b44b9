-- where a row lies
SELECT ctid, person_id FROM contact ORDER BY person_id, ctid
