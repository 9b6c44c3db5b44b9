-- less than all
SELECT '05' < ALL (SELECT ssn FROM person WHERE ssn IS NOT NULL)
