-- all or nothing
SELECT 1 HAVING (SELECT max(balance) FROM person) > 1000
