-- parts as rows
SELECT string_to_table(ssn, '-') FROM person WHERE id IN (1, 2) ORDER BY 1
