-- whose number begins so
SELECT id FROM person WHERE ssn LIKE '078%' ORDER BY id
