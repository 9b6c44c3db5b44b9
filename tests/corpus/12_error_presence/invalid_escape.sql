-- an error if a pattern ends badly
SELECT id FROM person WHERE name LIKE (CASE WHEN balance = 100 THEN 'Ada\' ELSE 'x' END) AND id = 1
