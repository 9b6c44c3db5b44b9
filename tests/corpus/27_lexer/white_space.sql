-- white space of every kind
SELECT	ssn
FROM	person
ORDER BY id
