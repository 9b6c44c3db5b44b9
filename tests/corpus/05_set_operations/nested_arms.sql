-- the number deep in brackets
(SELECT '1' UNION (SELECT '2' EXCEPT (SELECT '3' UNION SELECT ssn FROM person))) UNION ALL (SELECT notes FROM person) ORDER BY 1
