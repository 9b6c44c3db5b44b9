-- parts with their numbers
SELECT t, n FROM person p, unnest(string_to_array(p.ssn, NULL)) WITH ORDINALITY u (t, n) WHERE p.id = 1 ORDER BY n
