-- the purpose in a comment at the end
SELECT ssn FROM person ORDER BY id /*purpose='serve'*/
