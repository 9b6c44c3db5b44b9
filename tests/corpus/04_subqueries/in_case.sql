-- a hidden value chooses
SELECT CASE (SELECT ssn FROM person WHERE id = 1) WHEN '078-05-1120' THEN 'yes' ELSE 'no' END
