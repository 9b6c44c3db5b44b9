-- an error in a HAVING
SELECT name FROM person GROUP BY name HAVING 1 / (max(balance) - 100) > 5
