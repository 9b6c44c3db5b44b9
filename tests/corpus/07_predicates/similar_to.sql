-- whose number is similar
SELECT id FROM person WHERE ssn SIMILAR TO '(078|219)%' ORDER BY id
