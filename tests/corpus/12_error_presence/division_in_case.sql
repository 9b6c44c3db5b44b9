-- an error if a guess fits, without the column in it
SELECT CASE WHEN ssn = '078-05-1120' THEN 1 / (id - 1) ELSE 0 END FROM person WHERE id = 1
