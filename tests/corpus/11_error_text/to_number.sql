-- the balance by a template that is not one
SELECT to_timestamp(notes, 'YYYY') FROM person WHERE id IN (1, 2) ORDER BY id
